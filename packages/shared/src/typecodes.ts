/** The array class of each kind of element. */
export interface KindArrays {
  /** 8 bits, signed. Python's `b`. */
  i8: Int8Array;
  /** 8 bits, unsigned. Python's `B`. */
  u8: Uint8Array;
  /** 16 bits, signed. Python's `h`. */
  i16: Int16Array;
  /** 16 bits, unsigned. Python's `H`. */
  u16: Uint16Array;
  /** 32 bits, signed. Python's `i`. */
  i32: Int32Array;
  /** 32 bits, unsigned. Python's `I`. */
  u32: Uint32Array;
  /** 64 bits, signed. Python's `q`, and `l` as on 64-bit Linux. */
  i64: BigInt64Array;
  /** 64 bits, unsigned. Python's `Q`, and `L` as on 64-bit Linux. */
  u64: BigUint64Array;
  /** Single precision. Python's `f`. */
  f32: Float32Array;
  /** Double precision. Python's `d`. */
  f64: Float64Array;
  /** One byte of text. */
  c: Uint8Array;
  /** One Unicode code point of text, four bytes as on Linux. */
  u: Uint32Array;
}

/** Our own names of the kinds of elements; texts have Python's. */
export type KindName = keyof KindArrays;

/** Kinds by number, as they are stored in shared memory; never reordered. */
export const KIND_NAMES = [
  'i8',
  'u8',
  'i16',
  'u16',
  'i32',
  'u32',
  'i64',
  'u64',
  'f32',
  'f64',
  'c',
  'u',
] as const satisfies readonly KindName[];

/** Python's other typecodes, with the sizes that they have on 64-bit Linux. */
export const PYTHON_CODES = {
  b: 'i8',
  B: 'u8',
  h: 'i16',
  H: 'u16',
  i: 'i32',
  I: 'u32',
  l: 'i64',
  L: 'u64',
  q: 'i64',
  Q: 'u64',
  f: 'f32',
  d: 'f64',
} as const satisfies Record<string, KindName>;

/**
 * What elements are: a Python typecode (`c u b B h H i I l L q Q f d`) or a name of ours (`i8 u8
 * i16 u16 i32 u32 i64 u64 f32 f64`).
 */
export type TypeCode = KindName | keyof typeof PYTHON_CODES;

/** The name of ours that a typecode stands for. */
export type KindOf<Code extends TypeCode> = Code extends keyof typeof PYTHON_CODES
  ? (typeof PYTHON_CODES)[Code]
  : Code;

/** The typed array for a typecode. */
export type DataOf<Code extends TypeCode> = KindArrays[Extract<KindOf<Code>, KindName>];

/** What an element of {@link DataOf} is: a `bigint` where it has 64 integer bits. */
export type ElementOf<Code extends TypeCode> = KindOf<Code> extends 'i64' | 'u64' ? bigint : number;

/** What may be stored as an element: safe integers stand for bigints too. */
export type ElementInput<Code extends TypeCode> =
  KindOf<Code> extends 'i64' | 'u64' ? bigint | number : number;

/** What `value` of a `Value` gives: one byte as a Buffer for `c`, one character for `u`. */
export type ScalarOf<Code extends TypeCode> =
  KindOf<Code> extends 'c' ? Buffer : KindOf<Code> extends 'u' ? string : ElementOf<Code>;

/** What may be stored in a `Value`. */
export type ScalarInput<Code extends TypeCode> =
  KindOf<Code> extends 'c'
    ? Uint8Array | string | number
    : KindOf<Code> extends 'u'
      ? string
      : ElementInput<Code>;

/** What `value` of a `SharedArray` gives: a Buffer for `c`, a string for `u`, nothing for numbers. */
export type TextOf<Code extends TypeCode> =
  KindOf<Code> extends 'c' ? Buffer : KindOf<Code> extends 'u' ? string : never;

/** What may be stored in `value` of a `SharedArray`. */
export type TextInput<Code extends TypeCode> =
  KindOf<Code> extends 'c' ? Uint8Array | string : KindOf<Code> extends 'u' ? string : never;
