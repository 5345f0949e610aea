import { type Arena, isMultiprocError } from '@multiproc/core';

/** Takes a block, if the arena has room. */
export function tryAllocate(arena: Arena, bytes: number): number | undefined {
  try {
    return arena.allocate(bytes);
  } catch (error) {
    if (isMultiprocError(error, 'ERR_ARENA_FULL')) return undefined;
    throw error;
  }
}
