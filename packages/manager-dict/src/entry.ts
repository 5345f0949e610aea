import { type Arena, type Encoded, type Memory, writePayload } from '@multiproc/core';
import type { Key } from './key.js';
import { ABSENT, PLAIN_START } from './layout.js';

/** Words of a payload (`writePayload`) that an entry is read by. */
const LENGTH = 0;
const REFERENCES = 1;

/** Where KEY begins in an entry without references, in words. */
const KEY_WORD = PLAIN_START / 4;

/** Up to so many bytes are copied by words, which then takes less than a call that copies. */
const FEW = 128;

/** Where the payload begins: KEY. */
export function keyOffset(words: Int32Array, entry: number): number {
  const references = words[entry + REFERENCES] as number;
  return entry * 4 + ((PLAIN_START + references * 4 + 7) & ~7);
}

/** Whether the entry has references to shared objects. */
export function hasReferences(words: Int32Array, entry: number): boolean {
  return words[entry + REFERENCES] !== 0;
}

/** Whether the entry stands for a key that is not there. */
export function isAbsent(words: Int32Array, entry: number): boolean {
  return ((words[keyOffset(words, entry) >>> 2] as number) & ABSENT) !== 0;
}

/** Where the encoded value begins. */
export function valueStart(words: Int32Array, entry: number): number {
  const at = keyOffset(words, entry);
  return afterKey(at, (words[at >>> 2] as number) >>> 4);
}

/** Where it ends. */
export function valueEnd(words: Int32Array, entry: number): number {
  return keyOffset(words, entry) + (words[entry + LENGTH] as number);
}

function afterKey(at: number, byteLength: number): number {
  return (at + 4 + byteLength + 7) & ~7;
}

/** Bytes of an entry without references. */
export function entryLength(key: Key, encoded: Encoded): number {
  return afterKey(PLAIN_START, key.byteLength) + encoded.byteLength;
}

/** Bytes of the block that an entry without references is in, at least. */
export function blockLength(words: Int32Array, entry: number): number {
  return PLAIN_START + (words[entry + LENGTH] as number);
}

/**
 * Fills a block of `entryLength` bytes.
 *
 * @param present - an entry of the same key, which may be faster to copy the key from; 0: none
 */
export function fillEntry(
  memory: Memory,
  offset: number,
  key: Key,
  encoded: Encoded,
  present = 0,
): void {
  const { words, bytes } = memory;
  const start = afterKey(PLAIN_START, key.byteLength);
  const length = start - PLAIN_START + encoded.byteLength;
  words[(offset >>> 2) + LENGTH] = length;
  words[(offset >>> 2) + REFERENCES] = 0;
  const isFew = length <= FEW;
  if (isFew && present !== 0) copyKey(words, present, offset >>> 2, start >>> 2);
  else key.write(words, bytes, offset + PLAIN_START);
  // By words, the last of which may reach into what the block has more: blocks are whole words.
  const isCopied = isFew && encoded.copyWords?.(words, (offset + start) >>> 2) === true;
  if (!isCopied) encoded.copyTo(bytes, offset + start);
}

/** Copies KEY, up to where the value begins in an entry without references. */
function copyKey(words: Int32Array, from: number, to: number, end: number): void {
  const shift = (keyOffset(words, from) >>> 2) - KEY_WORD;
  for (let at = KEY_WORD; at < end; at++) words[to + at] = words[shift + at] as number;
}

/**
 * Writes an entry.
 *
 * @returns its offset
 * @throws ArenaFullError; DisposedError when an object in the value has been disposed since
 */
export function makeEntry(arena: Arena, key: Key, encoded: Encoded): number {
  if (encoded.references.length > 0) return makeReferringEntry(arena, key, encoded);
  const offset = arena.allocate(entryLength(key, encoded));
  try {
    fillEntry(arena.memory, offset, key, encoded);
  } catch (error) {
    arena.free(offset);
    throw error;
  }
  return offset;
}

/** Key and value together as one payload, which counts the references. */
function makeReferringEntry(arena: Arena, key: Key, encoded: Encoded): number {
  const start = afterKey(0, key.byteLength);
  const { memory } = arena;
  return writePayload(arena, {
    byteLength: start + encoded.byteLength,
    references: encoded.references,
    modules: encoded.modules,
    copyTo: (target: Uint8Array) => {
      key.write(memory.words, memory.bytes, target.byteOffset - memory.bytes.byteOffset);
      encoded.copyTo(target, start);
    },
    toBytes: () => encoded.toBytes(),
  });
}

/**
 * Writes an entry for a key that is not there.
 *
 * @throws ArenaFullError
 */
export function makeAbsent(arena: Arena, key: Key): number {
  const start = afterKey(PLAIN_START, key.byteLength);
  const offset = arena.allocate(start);
  const { words, bytes } = arena.memory;
  words[(offset >>> 2) + LENGTH] = start - PLAIN_START;
  words[(offset >>> 2) + REFERENCES] = 0;
  key.write(words, bytes, offset + PLAIN_START);
  const at = (offset + PLAIN_START) >>> 2;
  words[at] = (words[at] as number) | ABSENT;
  return offset;
}
