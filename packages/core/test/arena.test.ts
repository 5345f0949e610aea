import { fstatSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArenaFullError } from '../src/errors.js';
import { Arena } from '../src/memory/arena.js';
import type { ProcessMemory } from '../src/memory/process-memory.js';
import { Actors, isStamped, mib, newMemory, SLAB_BYTES, stamp } from './fixtures/arena-memory.js';

const actors = new Actors(16);

function newArena(kind: 'process' | 'thread', size: number): Arena {
  const memory = newMemory(kind, size / SLAB_BYTES);
  return new Arena(memory, actors.owner(1), () => {});
}

/** Mostly small, some at the borders between kinds, some of several slabs. */
const lengths = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 4096 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: mib(3) }) },
  { weight: 2, arbitrary: fc.constantFrom(1, 64, 65, 32_704, 32_705, 65_536, 65_537, mib(3)) },
);
const commands = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: lengths.map((length) => ({ take: length, free: 0 })) },
    { weight: 2, arbitrary: fc.nat(1000).map((free) => ({ take: 0, free })) },
  ),
  { minLength: 1, maxLength: 80 },
);

interface Block {
  readonly offset: number;
  readonly length: number;
}

function overlaps(a: Block, b: Block): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function play(arena: Arena, todo: readonly { take: number; free: number }[]): Block[] {
  const taken: Block[] = [];
  for (const { take, free } of todo) {
    if (take > 0) {
      const block = { offset: arena.allocate(take), length: take };
      expect(block.offset % 64).toBe(0);
      expect(block.offset + take).toBeLessThanOrEqual(arena.committed);
      expect(taken.filter((other) => overlaps(block, other))).toEqual([]);
      taken.push(block);
    } else if (taken.length > 0) {
      const [block] = taken.splice(free % taken.length, 1) as [Block];
      arena.free(block.offset);
    }
    const asked = taken.reduce((sum, { length }) => sum + length, 0);
    expect(arena.used).toBeGreaterThanOrEqual(asked);
  }
  return taken;
}

describe.each(['process', 'thread'] as const)('an arena in %s memory', (kind) => {
  it('gives out aligned blocks that never overlap, and takes every one of them back', () => {
    const arena = newArena(kind, mib(256));
    const property = fc.property(commands, (todo) => {
      const left = play(arena, todo);
      for (const { offset } of left) arena.free(offset);
      expect(arena.used).toBe(0);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('keeps what is written to a block until it is freed', () => {
    const arena = newArena(kind, mib(32));
    const sizes = [64, 4096, 32_704, 65_536, mib(1), 192, mib(3)];
    const blocks = sizes.map((length) => ({ offset: arena.allocate(length), length }));
    for (const [i, { offset, length }] of blocks.entries()) {
      stamp(arena.memory, offset, length, i + 1);
    }
    arena.free((blocks[3] as Block).offset);
    arena.allocate(100);
    arena.allocate(65_536);
    const kept = blocks.filter(({ offset, length }, i) =>
      isStamped(arena.memory, offset, length, i + 1),
    );
    expect(kept.length).toBeGreaterThanOrEqual(6);
  });

  it('grows as it is used, and never beyond its size', () => {
    const arena = newArena(kind, mib(64));
    const before = arena.committed;
    expect(before).toBeLessThan(mib(2));
    arena.allocate(mib(10));
    expect(arena.committed).toBeGreaterThan(before + mib(9));
    while (tryAllocate(arena, mib(1)) !== undefined);
    expect(arena.committed).toBeLessThanOrEqual(arena.capacity);
    expect(arena.capacity - arena.used).toBeLessThan(mib(2));
  });

  it('refuses what does not fit, says how to enlarge it, and has not changed', () => {
    const arena = newArena(kind, mib(4));
    const kept = arena.allocate(mib(2));
    stamp(arena.memory, kept, mib(2), 7);
    const { used } = arena;
    for (let i = 0; i < 3; i++) {
      expect(() => arena.allocate(mib(3))).toThrowError(
        /configure\(\{ arenaSize.*MULTIPROC_ARENA_SIZE/,
      );
      expect(arena.used).toBe(used);
    }
    expect(tryAllocate(arena, mib(3))).toBeUndefined();
    expect(isStamped(arena.memory, kept, mib(2), 7)).toBe(true);
    arena.free(kept);
    expect(arena.allocate(mib(3))).toBeGreaterThan(0);
  });

  it('has the code ERR_ARENA_FULL and names the length when it is full', () => {
    const arena = newArena(kind, mib(2));
    try {
      arena.allocate(mib(50));
      expect.unreachable();
    } catch (error) {
      expect((error as ArenaFullError).code).toBe('ERR_ARENA_FULL');
      expect((error as Error).message).toContain(`${mib(50)} bytes`);
    }
  });

  it('looks for what the dead have left before it refuses', () => {
    const memory = newMemory(kind, 64);
    let garbage: number | undefined;
    const arena = new Arena(memory, actors.owner(1), () => {
      if (garbage !== undefined) arena.free(garbage);
      garbage = undefined;
    });
    garbage = arena.allocate(mib(2));
    expect(arena.allocate(mib(3))).toBeGreaterThan(0);
    expect(garbage).toBeUndefined();
  });

  it('uses emptied slabs of small blocks for another size, and for large blocks', () => {
    const arena = newArena(kind, mib(4));
    const fill = (length: number) => {
      const offsets = [];
      for (let one = tryAllocate(arena, length); one; one = tryAllocate(arena, length)) {
        offsets.push(one);
      }
      return offsets;
    };
    const small = fill(64);
    expect(small.length).toBeGreaterThan(40_000);
    for (const offset of small) arena.free(offset);
    const other = fill(8128);
    expect(other.length).toBeGreaterThan(300);
    for (const offset of other) arena.free(offset);
    expect(arena.allocate(mib(3))).toBeGreaterThan(0);
  });

  it.each([1, 64, 32_704, 32_705, mib(1)])(
    'refuses to free a block of %d bytes twice',
    (length) => {
      const arena = newArena(kind, mib(8));
      arena.allocate(length);
      const offset = arena.allocate(length);
      arena.free(offset);
      expect(() => arena.free(offset)).toThrowError(/freed twice/);
      expect(arena.allocate(length)).not.toBe(arena.allocate(length));
    },
  );
});

function tryAllocate(arena: Arena, length: number): number | undefined {
  try {
    return arena.allocate(length);
  } catch (error) {
    expect((error as ArenaFullError).code).toBe('ERR_ARENA_FULL');
    return undefined;
  }
}

describe('pages of freed large blocks', () => {
  const residentOf = (arena: Arena) => fstatSync((arena.memory as ProcessMemory).fd).blocks * 512;

  it('stay up to 64 MiB in all, and go back to the system beyond that', () => {
    const arena = newArena('process', mib(256));
    const blocks = Array.from({ length: 16 }, () => arena.allocate(mib(8)));
    const full = residentOf(arena);
    expect(full).toBeGreaterThanOrEqual(mib(128));
    // What it grew by in advance counts among the 64 MiB, so less than that fits.
    for (const offset of blocks.splice(0, 3)) arena.free(offset);
    expect(residentOf(arena)).toBe(full);
    for (const offset of blocks) arena.free(offset);
    expect(residentOf(arena)).toBeLessThanOrEqual(mib(66));
    expect(residentOf(arena)).toBeGreaterThanOrEqual(mib(48));
  });

  it('are backed again before a block is given out there', () => {
    const arena = newArena('process', mib(128));
    const big = arena.allocate(mib(100));
    arena.free(big);
    expect(residentOf(arena)).toBeLessThan(mib(40));
    const again = arena.allocate(mib(100));
    // Counted before the block is touched: touching would make the pages, or be a bus error.
    expect(residentOf(arena)).toBeGreaterThanOrEqual(mib(100));
    stamp(arena.memory, again, mib(100), 5);
    expect(isStamped(arena.memory, again, mib(100), 5)).toBe(true);
  });

  it("go back before the block is free: a new owner's data are never zeroed", () => {
    const memory = newMemory('process', mib(128) / SLAB_BYTES);
    const arena = new Arena(memory, actors.owner(1), () => {});
    const other = new Arena(memory, actors.owner(2), () => {});
    const big = arena.allocate(mib(70));
    const release = memory.release.bind(memory);
    const taken: number[] = [];
    memory.release = (offset, length) => {
      // Another agent takes all that it can get at this moment, and writes to it.
      for (let one = tryAllocate(other, mib(1)); one; one = tryAllocate(other, mib(1))) {
        stamp(memory, one, mib(1), 9);
        taken.push(one);
      }
      return release(offset, length);
    };
    arena.free(big);
    expect(taken.length).toBeGreaterThan(10);
    expect(taken.filter((one) => !isStamped(memory, one, mib(1), 9))).toEqual([]);
  });

  it('are kept, and the block freed all the same, when the system does not take them', () => {
    const memory = newMemory('process', mib(128) / SLAB_BYTES);
    const arena = new Arena(memory, actors.owner(1), () => {});
    memory.release = () => false;
    arena.free(arena.allocate(mib(70)));
    expect(arena.used).toBe(0);
    expect(arena.allocate(mib(100))).toBeGreaterThan(0);
  });
});
