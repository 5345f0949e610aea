import type { Arena } from '../memory/arena.js';
import {
  BRANCH,
  FLAGS,
  HELD,
  HELD_BESIDE,
  OBJECT,
  OBJECT_HEADER,
  PAYLOAD,
} from './object-layout.js';

/**
 * What an owned word says in its low three bits. Without any of them it owns nothing; else the
 * rest is the offset of what is freed with the word.
 *
 * | tag | what it owns |
 * | --- | --- |
 * | PAYLOAD | a block made by `writePayload`, with the references in it |
 * | BRANCH | a block that starts with a branch header, with everything that it owns |
 * | BLOCK | a block that owns nothing |
 * | OBJECT | one reference to a shared object |
 *
 * Whoever takes a block away stores another value over its owned word first and frees it then:
 * a kill in between leaks the block, and never frees it twice.
 */
export const OWNED = {
  /** A block made by `writePayload`. */
  PAYLOAD: 1,
  /** A block that starts with a branch header. */
  BRANCH: 2,
  /** A block that owns nothing. */
  BLOCK: 3,
  /** One reference to a shared object. */
  OBJECT: 4,
} as const;

const TAG = 7;

/**
 * A branch: a block, or the content of an object, that owns others. So a container is freed whole
 * by whoever drops it last, also by one that never loaded its class.
 *
 * | word | what |
 * | --- | --- |
 * | COUNT | how many owned words there are |
 * | WHERE | FIRST + STRIDE * 65536: owned word i is FIRST + i * STRIDE words from here |
 */
const COUNT = 0;
const WHERE = 1;

/** Words of a branch header. */
export const BRANCH_HEADER = 2;

/** Where the owned words of a branch are. */
export interface BranchShape {
  /** How many there are. */
  readonly count: number;
  /** Words from the header to the first, at most 65,535. */
  readonly first: number;
  /** Words from one to the next, at most 32,767; 1 when left out. */
  readonly stride?: number;
}

/**
 * Fills a branch header. The owned words must be valid from then on: 0 at first, for example.
 *
 * @param words - the family's memory
 * @param index - of the block's, or the content's, first word
 * @param shape - where the owned words are
 */
export function writeBranch(words: Int32Array, index: number, shape: BranchShape): void {
  words[index + WHERE] = shape.first | ((shape.stride ?? 1) << 16);
  words[index + COUNT] = shape.count;
}

/** Gives a reference to an object back; the last one frees the object and what it owns. */
export function release(arena: Arena, offset: number): void {
  freeOwned(arena, offset | OWNED.OBJECT);
}

/**
 * Frees what an owned word owns, and everything below it. Nobody else may reach any of it but
 * through references of their own.
 *
 * @param arena - where it lies
 * @param word - value of the owned word
 */
export function freeOwned(arena: Arena, word: number): void {
  // A list instead of recursion, because parts of objects, segments of queues and dictionaries
  // in dictionaries make chains of any length.
  const rest = [word];
  for (let owned = rest.pop(); owned !== undefined; owned = rest.pop()) {
    const offset = owned & ~TAG;
    switch (owned & TAG) {
      case OWNED.OBJECT:
        releaseObject(arena, offset, rest);
        break;
      case OWNED.PAYLOAD:
        listReferences(arena.memory.words, offset / 4, rest);
        arena.free(offset);
        break;
      case OWNED.BRANCH:
        listBranch(arena.memory.words, offset / 4, rest);
        arena.free(offset);
        break;
      case OWNED.BLOCK:
        arena.free(offset);
        break;
    }
  }
}

function releaseObject(arena: Arena, offset: number, rest: number[]): void {
  const { words } = arena.memory;
  const index = offset / 4;
  if (Atomics.sub(words, index + OBJECT.COUNT, 1) !== 1) return;
  // The count is 0 and cannot rise, so this agent alone is here.
  Atomics.store(words, index + OBJECT.SERIAL, 0);
  const data = words[index + OBJECT.DATA] as number;
  const content = index + OBJECT_HEADER / 4;
  if ((data & BRANCH) !== 0) listBranch(words, content, rest);
  if ((data & HELD_BESIDE) !== 0) rest.push((words[content] as number) | OWNED.OBJECT);
  const led = data & ~FLAGS;
  if (led !== 0) rest.push(led | ((data & HELD) !== 0 ? OWNED.OBJECT : OWNED.BLOCK));
  arena.free(offset);
}

function listReferences(words: Int32Array, index: number, rest: number[]): void {
  const references = words[index + PAYLOAD.REFERENCES] as number;
  for (let position = 0; position < references; position++) {
    rest.push((words[index + PAYLOAD.OFFSETS + position] as number) | OWNED.OBJECT);
  }
}

function listBranch(words: Int32Array, index: number, rest: number[]): void {
  const count = words[index + COUNT] as number;
  const where = words[index + WHERE] as number;
  const [first, stride] = [index + (where & 0xffff), where >>> 16];
  for (let position = 0; position < count; position++) {
    const owned = words[first + position * stride] as number;
    if ((owned & TAG) !== 0) rest.push(owned);
  }
}
