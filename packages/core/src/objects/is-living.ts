import type { Arena } from '../memory/arena.js';
import { OBJECT } from './object-layout.js';

/**
 * Whether the object that a handle names still has a reference: a look, which keeps nothing alive.
 * Once `false`, it stays so.
 *
 * @param arena - where the object is or was
 * @param offset - offset of the handle
 * @param serial - serial of the handle
 */
export function isLiving(arena: Arena, offset: number, serial: number): boolean {
  if (!arena.holdsObject(offset)) return false;
  const { words } = arena.memory;
  // COUNT too: who took it to 0 may have died before it took SERIAL to 0. And SERIAL last, which the
  // atomic load before it ensures: if it is right, the block was not another object's when COUNT
  // was read.
  const index = offset / 4;
  return Atomics.load(words, index + OBJECT.COUNT) > 0 && words[index + OBJECT.SERIAL] === serial;
}
