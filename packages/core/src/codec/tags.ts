/*
 * The encoding, version 1. All numbers are little-endian; `size` is a LEB128 number below 2^53.
 *
 * A payload whose root is a primitive is that one value and nothing else. Any other payload is:
 *
 * | part     | bytes                                                                            |
 * | -------- | -------------------------------------------------------------------------------- |
 * | header   | 1: HEADER, plus HAS_BACK_REFERENCES and HAS_TABLES where they apply              |
 * | root     | one value                                                                        |
 * | deferred | the contents of each DEFERRED container, in the order in which they were met     |
 * | tables   | only with HAS_TABLES: functions, classes, buffers (see tables.ts)                |
 * | binary   | only with HAS_TABLES: the bytes of each buffer, each at a multiple of 8          |
 * | footer   | only with HAS_TABLES: u32, where the tables begin                                |
 *
 * A value is a tag byte and what the tag asks for:
 *
 * | tag             | what follows                                                              |
 * | --------------- | ------------------------------------------------------------------------- |
 * | 0x00 to 0x7f    | nothing: the integer itself                                               |
 * | 0x80 to 0x9f    | that many (0 to 31) Latin-1 characters                                    |
 * | 0xa0 to 0xaf    | an array: that many (0 to 15) elements                                    |
 * | 0xb0 to 0xbf    | an object of shape 0 to 15: its values                                    |
 * | UNDEFINED, NULL, FALSE, TRUE | nothing                                                      |
 * | INT8, INT16, INT32, FLOAT64  | the number                                                   |
 * | LATIN1_8, LATIN1_32          | u8 or u32 length, one byte a character                       |
 * | UTF16_8, UTF16_32            | u8 or u32 length, two bytes a code unit                      |
 * | BIGINT64        | i64                                                                       |
 * | BIGINT          | u8 sign (1 = negative), size of bytes, magnitude with the lowest first    |
 * | ARRAY32         | u32 length, elements                                                      |
 * | HOLES           | in place of elements: size, how many elements in a row are missing        |
 * | ARRAY_EXTRAS    | an array value, then its named properties as pairs                        |
 * | SHAPE_DEFINE    | u8 length of the key section, u16 hash of it, keys (strings), values. The |
 * |                 | shape gets the next number                                                |
 * | SHAPE16         | u16 shape number, values                                                  |
 * | OBJECT          | pairs: size, then a string and a value each                               |
 * | NULL_OBJECT     | fields (SHAPE_DEFINE, 0xb0 to 0xbf, SHAPE16 or OBJECT) of an object       |
 * |                 | without prototype                                                         |
 * | MAP, SET        | u32 count, then keys and values, or members                               |
 * | DATE            | f64 milliseconds                                                          |
 * | REGEXP          | source, flags (strings)                                                   |
 * | BOXED           | the primitive                                                             |
 * | ARRAY_BUFFER    | size, number in the buffer table                                          |
 * | VIEW            | u8 kind, size of the buffer's number, size of the offset in the sender's  |
 * |                 | buffer, size of the length in elements, plus one (0: follows the buffer)  |
 * | ERROR           | see errors-codec.ts                                                       |
 * | DOM_EXCEPTION   | message, name (strings), then as ERROR                                    |
 * | FUNCTION        | size, number in the function table                                        |
 * | INSTANCE        | size of the class's number, fields                                        |
 * | INSTANCE_ARRAY  | size of the class's number, array value                                   |
 * | INSTANCE_MAP, INSTANCE_SET | size of the class's number, u32 count, entries, fields         |
 * | CUSTOM_INSTANCE | size of the class's number, the value that its encode hook returned       |
 * | REFERENCE       | size number of the type in the function table, size of offset, f64 serial   |
 * | FOREIGN         | size, index among the handles sent beside the bytes                       |
 * | BACK8, BACK32   | u8 or u32 number of an object met before                                  |
 * | DEFERRED        | a container's tag (ARRAY32, OBJECT, NULL_OBJECT, MAP, SET, or INSTANCE    |
 * |                 | with the size of its class's number); its contents come later             |
 *
 * Objects (everything from ARRAY32 to FOREIGN but functions) are numbered in the order in which
 * their tags stand. Deferred contents: arrays size of length, elements, pairs of named properties;
 * objects pairs; maps and sets as above. They keep deep nesting off the call stack.
 */

export const MAX_TAG_INT = 0x7f;
export const SHORT_STRING = 0x80;
export const MAX_SHORT_STRING = 31;
export const SHORT_ARRAY = 0xa0;
export const MAX_SHORT_ARRAY = 15;
export const SHORT_SHAPE = 0xb0;
export const MAX_SHORT_SHAPE = 15;

export const UNDEFINED = 0xc0;
export const NULL = 0xc1;
export const FALSE = 0xc2;
export const TRUE = 0xc3;
export const INT8 = 0xc4;
export const INT16 = 0xc5;
export const INT32 = 0xc6;
export const FLOAT64 = 0xc7;
export const LATIN1_8 = 0xc8;
export const LATIN1_32 = 0xc9;
export const UTF16_8 = 0xca;
export const UTF16_32 = 0xcb;
export const BIGINT64 = 0xcc;
export const BIGINT = 0xcd;
export const ARRAY32 = 0xce;
export const HOLES = 0xcf;
export const ARRAY_EXTRAS = 0xd0;
export const SHAPE_DEFINE = 0xd1;
export const SHAPE16 = 0xd2;
export const OBJECT = 0xd3;
export const NULL_OBJECT = 0xd4;
export const MAP = 0xd5;
export const SET = 0xd6;
export const DATE = 0xd7;
export const REGEXP = 0xd8;
export const BOXED = 0xd9;
export const ARRAY_BUFFER = 0xda;
export const VIEW = 0xdb;
export const ERROR = 0xdc;
export const DOM_EXCEPTION = 0xdd;
export const FUNCTION = 0xde;
export const INSTANCE = 0xdf;
export const INSTANCE_ARRAY = 0xe0;
export const INSTANCE_MAP = 0xe1;
export const INSTANCE_SET = 0xe2;
export const CUSTOM_INSTANCE = 0xe3;
export const REFERENCE = 0xe4;
export const FOREIGN = 0xe5;
export const BACK8 = 0xe6;
export const BACK32 = 0xe7;
export const DEFERRED = 0xe8;

/** First byte of a payload that is not one primitive; another version gets another base. */
export const HEADER = 0xf0;
export const HAS_BACK_REFERENCES = 1;
export const HAS_TABLES = 2;
export const HEADER_FLAGS = HAS_BACK_REFERENCES | HAS_TABLES;

/**
 * How many containers may stand inside one another before the contents of further ones are
 * deferred, so that 10,000 nested arrays need no deeper call stack than 100.
 */
export const DEFER_DEPTH = 100;
/**
 * How deep values that cannot be deferred (errors, instances with a decode hook, and what stands
 * in these) may nest. Far below what the call stack of a main thread holds.
 */
export const MAX_DEPTH = 400;
