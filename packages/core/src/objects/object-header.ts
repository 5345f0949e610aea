import { DisposedError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { HEADER } from '../memory/layout.js';
import { MAX_SMALL } from '../memory/slab-table.js';
import type { Handle } from './handle.js';
import { BRANCH, FLAGS, HELD, HELD_BESIDE, OBJECT, OBJECT_HEADER } from './object-layout.js';
import { release } from './owned.js';

/** Longest content: where handles can lead lie no large blocks, see {@link retainNamed}. */
export const MAX_CONTENT = MAX_SMALL - OBJECT_HEADER;

/** A type's name as one word (FNV-1a): equal in every agent without a shared registry. */
export function typeCode(type: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < type.length; i++) {
    hash = Math.imul(hash ^ type.charCodeAt(i), 0x01000193);
  }
  return hash;
}

/** What a new object is made of. */
export interface ObjectSpec {
  /** Name of its type. */
  readonly type: string;
  /** Length of its content in bytes, at most 32 KiB less a little. */
  readonly bytes: number;
  /** Length in bytes of a block of its own for data of any length, all zero at first. */
  readonly data?: number;
  /**
   * Names an object that lives as long as this one. Called first, and only when the object is really
   * made. With `data`, the first word of the content is taken for its offset.
   */
  readonly holds?: () => Handle;
  /**
   * Whether the content starts with a branch header, which `initialise` writes: what it owns is
   * freed with the object. Not together with both `holds` and `data`.
   */
  readonly branch?: boolean;
  /**
   * Fills the content, which is all zero, before any other agent can see it.
   *
   * @param content - index of its first word
   * @param data - byte offset of the data
   */
  readonly initialise?: (content: number, data: number) => void;
}

/**
 * Makes a new object with one reference and publishes it.
 *
 * @param arena - where it is made
 * @param spec - its type and content
 * @returns its offset and serial
 * @throws ArenaFullError
 */
export function makeObject(arena: Arena, spec: ObjectSpec): { offset: number; serial: number } {
  const held = spec.holds ? hold(arena, spec.holds()) : 0;
  let data = 0;
  let offset: number;
  try {
    if (spec.data !== undefined) data = arena.allocate(Math.max(spec.data, 1));
    offset = createObject(arena, spec.type, spec.bytes);
  } catch (error) {
    if (data !== 0) arena.free(data);
    if (held !== 0) release(arena, held);
    throw error;
  }
  const { words, bytes } = arena.memory;
  if (data !== 0) bytes.fill(0, data, data + (spec.data as number));
  const branch = spec.branch ? BRANCH : 0;
  if (held === 0) words[offset / 4 + OBJECT.DATA] = data | branch;
  else if (data === 0) words[offset / 4 + OBJECT.DATA] = held | HELD | branch;
  else {
    words[offset / 4 + OBJECT.DATA] = data | HELD_BESIDE;
    words[(offset + OBJECT_HEADER) / 4] = held;
  }
  spec.initialise?.((offset + OBJECT_HEADER) / 4, data);
  return { offset, serial: publishObject(arena, offset) };
}

/** Refers to an object on behalf of one that is about to be made. */
function hold(arena: Arena, { type, offset, serial }: Handle): number {
  if (retainNamed(arena, offset, serial)) return offset;
  throw new DisposedError(`the ${type} that a new object needs has been disposed`);
}

/**
 * Adds a part to an object without data: words that lie still, and are freed with the object. One
 * agent may do so at a time; it leaks the part when it dies before it stores the index.
 *
 * @returns index of the part's first word; all are zero
 * @throws ArenaFullError
 */
export function extendObject(arena: Arena, offset: number, bytes: number): number {
  const part = createObject(arena, 'Part', bytes);
  const { words } = arena.memory;
  const data = words[offset / 4 + OBJECT.DATA] as number;
  words[part / 4 + OBJECT.DATA] = data & ~BRANCH;
  // Publishes the part, which holds what the object held, to `release`.
  Atomics.store(words, offset / 4 + OBJECT.DATA, part | HELD | (data & BRANCH));
  return (part + OBJECT_HEADER) / 4;
}

/** Byte offset of an object's data, 0 when it has none. */
export function dataOf(arena: Arena, offset: number): number {
  const data = Atomics.load(arena.memory.words, offset / 4 + OBJECT.DATA);
  return (data & HELD) === 0 ? data & ~FLAGS : 0;
}

/** Makes an object that nobody can find yet, with one reference and its content all zero. */
export function createObject(arena: Arena, type: string, bytes: number): number {
  if (bytes > MAX_CONTENT) {
    throw new RangeError(`multiproc: ${bytes} bytes are too much for one object (${type})`);
  }
  const offset = arena.allocate(OBJECT_HEADER + bytes, true);
  const { words } = arena.memory;
  const index = offset / 4;
  const end = index + Math.ceil((OBJECT_HEADER + bytes) / 4);
  // Word by word and atomically: a stale handle's `retain` may be looking at this block.
  for (let word = index; word < end; word++) Atomics.store(words, word, 0);
  Atomics.store(words, index + OBJECT.TYPE, typeCode(type));
  Atomics.store(words, index + OBJECT.COUNT, 1);
  return offset;
}

/** Makes a filled object reachable: publishes its content to whoever finds its serial. */
export function publishObject(arena: Arena, offset: number): number {
  const { words } = arena.memory;
  let serial = 0;
  while (serial === 0) serial = (Atomics.add(words, HEADER.NEXT_SERIAL, 1) + 1) | 0;
  Atomics.store(words, offset / 4 + OBJECT.SERIAL, serial);
  return serial;
}

/**
 * Adds a reference to the object that a handle names, if it is still there. Nothing keeps that
 * object alive meanwhile; the pin sees to it that its words stay those of some object.
 *
 * @returns `false` when the object has been freed, or the offset leads to no object
 */
export function retainNamed(arena: Arena, offset: number, serial: number): boolean {
  if (!arena.pinObject(offset)) return false;
  const isRetained = retain(arena, offset, serial);
  arena.unpin(offset);
  return isRetained;
}

/**
 * Adds a reference to an object that the caller refers to, or has pinned.
 *
 * @returns `false` when the object has been freed
 */
export function retain(arena: Arena, offset: number, serial: number): boolean {
  const { words } = arena.memory;
  const index = offset / 4;
  for (;;) {
    if (Atomics.load(words, index + OBJECT.SERIAL) !== serial) return false;
    const count = Atomics.load(words, index + OBJECT.COUNT);
    if (count <= 0) return false;
    const before = Atomics.compareExchange(words, index + OBJECT.COUNT, count, count + 1);
    if (before !== count) continue;
    // Between the two looks the block may have become another object with an equal count.
    if (Atomics.load(words, index + OBJECT.SERIAL) === serial) return true;
    release(arena, offset);
    return false;
  }
}
