/**
 * First 16 bytes of every shared object.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | SERIAL | 0: freed, or being filled | the creator, last of all | a number that no other object of the family had |
 * | | the object's number | who took COUNT to 0 | 0 |
 * | COUNT | references to the object by agents and codec containers | holder of a reference, by compare-exchange | + 1 |
 * | | | who gives a reference back | - 1 |
 * | | 0: being freed; never rises again | | |
 * | TYPE | hash of the type's name | the creator | |
 * | DATA | 0, or the offset of a block that is freed with the object | the creator | |
 * | | offset of an object + {@link HELD}: this object holds one reference to it | the creator | |
 * | | | `extendObject` | a new part, which holds what was held before |
 * | | offset of a block + {@link HELD_BESIDE}: both; the first word of the content is the offset of the held object | the creator | |
 * | | any of these + {@link BRANCH}: the content starts with a branch header (`owned.ts`) | the creator | |
 */
export const OBJECT = { SERIAL: 0, COUNT: 1, TYPE: 2, DATA: 3 } as const;

/** Flag of DATA, in a bit that no offset has: it leads to an object. */
export const HELD = 1;
/** The same, for an object with data. */
export const HELD_BESIDE = 2;
/** Flag of DATA: the content owns blocks. */
export const BRANCH = 4;
/** Every flag of DATA. */
export const FLAGS = HELD | HELD_BESIDE | BRANCH;

/** Bytes of the header. */
export const OBJECT_HEADER = 16;

/**
 * An encoded value in a block of its own: what is in flight between two agents, or kept in a
 * container.
 *
 * | offset | what |
 * | --- | --- |
 * | 0 | LENGTH of the encoded value in bytes |
 * | 4 | REFERENCES: how many shared objects the value refers to |
 * | 8 | OFFSETS: theirs, four bytes each; the payload holds one reference to each |
 * | next multiple of 8 | the encoded value |
 */
export const PAYLOAD = { LENGTH: 0, REFERENCES: 1, OFFSETS: 2 } as const;
