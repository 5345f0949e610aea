import type { ByteReader } from './reader.js';
import { readString, writeString } from './strings.js';
import { SHAPE_DEFINE } from './tags.js';
import { ByteWriter } from './writer.js';

/** Objects with more keys, or with a longer key section, are written key by key. */
const MAX_KEYS = 24;
const MAX_SECTION = 0xff;
/** Shape numbers are u16. */
const MAX_SHAPES = 0x1_0000;
const MASK = 1023;
/** Bytes before the key section: tag, length, hash. */
const PREAMBLE = 4;

/** The keys of objects that were written alike. */
export interface Shape {
  readonly keys: readonly string[];
  /** The whole definition in words of 4 bytes (the last one padded), ready to be written. */
  readonly words: Uint32Array;
  readonly byteLength: number;
  /** The payload in which `number` holds. */
  payload: number;
  number: number;
}

/**
 * Finds the shape of an object at the sender. Shapes outlive a payload, so that the keys of
 * frequent messages are encoded once; a new shape displaces another of the same slot.
 */
export class ShapeTable {
  readonly #slots: (Shape | undefined)[] = new Array(MASK + 1).fill(undefined);
  #payload = 0;
  #count = 0;

  /** Begins a payload, in which no shape is defined yet. */
  reset(): void {
    this.#payload++;
    this.#count = 0;
  }

  /** The shape with exactly these keys, or `undefined` when it should be written key by key. */
  find(keys: readonly string[]): Shape | undefined {
    if (keys.length === 0) return undefined;
    const slot = slotOf(keys);
    const slots = this.#slots;
    const first = slots[slot];
    if (first !== undefined && sameKeys(first.keys, keys)) return first;
    const second = slots[slot ^ 1];
    if (second !== undefined && sameKeys(second.keys, keys)) return second;
    if (keys.length > MAX_KEYS || this.#count >= MAX_SHAPES) return undefined;
    const made = makeShape(keys);
    const stale = first === undefined || first.payload !== this.#payload;
    if (made !== undefined) slots[stale ? slot : slot ^ 1] = made;
    return made;
  }

  /** The shape's number in this payload, or -1 after giving it one: then it must be defined. */
  numberOf(shape: Shape): number {
    if (shape.payload === this.#payload) return shape.number;
    shape.payload = this.#payload;
    shape.number = this.#count++;
    return -1;
  }
}

function slotOf(keys: readonly string[]): number {
  const count = keys.length;
  const first = keys[0] as string;
  const last = keys[count - 1] as string;
  const ends = first.charCodeAt(0) * 31 + last.charCodeAt(last.length - 1) * 7;
  return (ends + count * 131 + first.length * 17 + last.length * 61) & MASK;
}

function sameKeys(known: readonly string[], keys: readonly string[]): boolean {
  const count = keys.length;
  if (known.length !== count) return false;
  for (let i = 0; i < count; i++) {
    if (known[i] !== keys[i]) return false;
  }
  return true;
}

const scratch = new ByteWriter();

function makeShape(keys: readonly string[]): Shape | undefined {
  let characters = 0;
  for (const key of keys) characters += key.length;
  if (characters > MAX_SECTION) return undefined;
  const out = scratch;
  out.reset();
  out.u32(SHAPE_DEFINE);
  for (const key of keys) writeString(out, key);
  const section = out.position - PREAMBLE;
  if (section > MAX_SECTION) return undefined;
  out.bytes[1] = section;
  out.view.setUint16(2, hashOf(out.bytes.subarray(PREAMBLE, out.position)), true);
  out.reserve(4);
  out.bytes.fill(0, out.position, out.position + 4);
  const words = new Uint32Array(Math.ceil(out.position / 4));
  for (let i = 0; i < words.length; i++) words[i] = out.view.getUint32(4 * i, true);
  return { keys: keys.slice(), words, byteLength: out.position, payload: -1, number: 0 };
}

function hashOf(section: Uint8Array): number {
  let hash = section.length;
  for (const byte of section) hash = (Math.imul(hash, 31) + byte) | 0;
  return (hash ^ (hash >>> 16)) & 0xffff;
}

/** A shape at the receiver. */
export interface ReadShape {
  readonly keys: readonly string[];
  /** Whether plain assignment to a key would meet something inherited (`__proto__`). */
  readonly inherits: boolean;
  /** The key section, to recognise the shape in the next payload. */
  readonly section: Uint8Array;
}

const known: (ReadShape | undefined)[] = new Array(MASK + 1).fill(undefined);

/** Reads what follows SHAPE_DEFINE up to the values. */
export function readShape(input: ByteReader): ReadShape {
  const length = input.u8();
  const slot = input.u16() & MASK;
  const recent = known[slot];
  if (recent !== undefined && startsWith(input, recent.section, length)) {
    input.take(length);
    return recent;
  }
  const start = input.position;
  const end = input.take(length) + length;
  input.position = start;
  const keys: string[] = [];
  while (input.position < end) keys.push(readString(input));
  if (input.position !== end || keys.length === 0) throw input.malformed('a malformed shape');
  const shape: ReadShape = {
    keys,
    inherits: keys.some((key) => key in Object.prototype),
    section: input.copy(start, end),
  };
  known[slot] = shape;
  return shape;
}

function startsWith(input: ByteReader, section: Uint8Array, length: number): boolean {
  if (section.length !== length || length > input.end - input.position) return false;
  const { bytes, position } = input;
  for (let i = 0; i < length; i++) {
    if (bytes[position + i] !== section[i]) return false;
  }
  return true;
}
