import { describe, expect, it } from 'vitest';
import { isMultiprocError } from '../src/errors.js';
import type { Arena } from '../src/memory/arena.js';
import { HEADER } from '../src/memory/layout.js';
import { createObject, publishObject, retainNamed } from '../src/objects/object-header.js';
import { Actors, isStamped, mib, SLAB_BYTES, stamp, WouldSleep } from './fixtures/arena-memory.js';
import { interruptEverywhere, killEverywhere, type Scene } from './fixtures/arena-steps.js';

const A = 1;
const B = 2;

/** The words of the slab table, the committed part, and blocks with their stamps. */
class Stage {
  readonly actors = new Actors(64);
  readonly a: Arena = this.actors.arena(A);
  readonly b: Arena = this.actors.arena(B);
  readonly kept: { offset: number; length: number; value: number }[] = [];
  #value = 100;

  keep(arena: Arena, length: number): void {
    const offset = arena.allocate(length);
    stamp(this.actors.memory, offset, length, ++this.#value);
    this.kept.push({ offset, length, value: this.#value });
  }

  /** As B, unless A holds the lock at this moment: then B would wait. */
  attempt(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (error instanceof WouldSleep) return false;
      throw error;
    }
  }

  /** Whether there was room. */
  attemptFull(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (isMultiprocError(error, 'ERR_ARENA_FULL')) return false;
      throw error;
    }
  }

  expectIntact(): void {
    const { memory } = this.actors;
    const broken = this.kept.filter(
      ({ offset, length, value }) => !isStamped(memory, offset, length, value),
    );
    expect(broken).toEqual([]);
    const sum = this.kept.reduce((total, { length }) => total + length, 0);
    expect(this.b.used).toBeGreaterThanOrEqual(sum);
  }

  /** Frees all that is kept; what is still used then has leaked. */
  leaked(): number {
    for (const { offset } of this.kept) this.b.free(offset);
    return this.b.used;
  }
}

const LENGTHS = [64, 32_704, SLAB_BYTES, SLAB_BYTES * 3];

/** Makes slabs of both kinds, full, half empty and retired ones, and free runs between. */
function furnish(stage: Stage): void {
  const garbage = LENGTHS.flatMap((length) => [stage.a.allocate(length), stage.a.allocate(length)]);
  for (const length of LENGTHS) stage.keep(stage.a, length);
  for (const offset of garbage) stage.a.free(offset);
}

describe.each(LENGTHS)('an agent killed at any step while it takes %d bytes', (length) => {
  it('leaves every block intact, leaks one at the most, and leaves the arena usable', () => {
    const steps = killEverywhere((): Scene => {
      const stage = new Stage();
      furnish(stage);
      const committed = stage.b.committed;
      return {
        action: () => stage.a.allocate(length),
        meanwhile: () => stage.actors.dead.add(A),
        check: () => {
          for (const other of [length, ...LENGTHS]) stage.keep(stage.b, other);
          stage.expectIntact();
          expect(stage.b.committed).toBeGreaterThanOrEqual(committed);
          expect(stage.leaked()).toBeLessThanOrEqual(length);
        },
      };
    });
    expect(steps).toBeGreaterThan(2);
  });

  it('does the same while the arena grows', () => {
    const steps = killEverywhere((): Scene => {
      const stage = new Stage();
      const { committed } = stage.b;
      // Up to the last slab that has memory.
      const isAtEnd = () => (stage.kept.at(-1)?.offset ?? 0) + SLAB_BYTES === stage.b.committed;
      do stage.keep(stage.b, SLAB_BYTES);
      while (!isAtEnd());
      expect(stage.b.committed).toBeGreaterThan(committed);
      return {
        action: () => stage.a.allocate(length),
        meanwhile: () => stage.actors.dead.add(A),
        check: () => {
          stage.keep(stage.b, length);
          stage.expectIntact();
          expect(stage.leaked()).toBeLessThanOrEqual(length);
        },
      };
    });
    expect(steps).toBeGreaterThan(10);
  });
});

it.each(LENGTHS)(
  'an agent killed at any step while it frees %d bytes leaks that block at the most',
  (length) => {
    killEverywhere((): Scene => {
      const stage = new Stage();
      furnish(stage);
      const doomed = stage.a.allocate(length);
      return {
        action: () => stage.a.free(doomed),
        meanwhile: () => stage.actors.dead.add(A),
        check: () => {
          for (const other of [length, ...LENGTHS]) stage.keep(stage.b, other);
          stage.expectIntact();
          expect(stage.leaked()).toBeLessThanOrEqual(length);
        },
      };
    });
  },
);

describe.each(LENGTHS)('taking and freeing %d bytes', (length) => {
  const meanwhiles: Record<string, (stage: Stage, spare: number[]) => void> = {
    'another agent takes and frees blocks of every size': (stage, spare) => {
      for (const other of LENGTHS) {
        stage.attempt(() => stage.keep(stage.b, other));
        stage.attempt(() => stage.b.free(stage.b.allocate(other)));
      }
      for (const offset of spare.splice(0)) stage.b.free(offset);
    },
    'another agent empties slabs and has them used for large blocks': (stage, spare) => {
      for (const offset of spare.splice(0)) stage.b.free(offset);
      stage.attempt(() => {
        for (let i = 0; i < 12; i++) stage.keep(stage.b, SLAB_BYTES);
      });
    },
  };

  it.each(Object.keys(meanwhiles))('is right whenever %s', (name) => {
    let ran = 0;
    const steps = interruptEverywhere((): Scene => {
      const stage = new Stage();
      furnish(stage);
      const spare = LENGTHS.map((other) => stage.b.allocate(other));
      const mine = stage.a.allocate(length);
      return {
        action: () => {
          stage.a.free(mine);
          stage.keep(stage.a, length);
          stage.keep(stage.a, length);
        },
        meanwhile: () => {
          ran++;
          meanwhiles[name]?.(stage, spare);
        },
        check: () => {
          stage.expectIntact();
          expect(stage.leaked()).toBe(0);
        },
      };
    });
    expect(ran).toBe(steps);
  });
});

it('a slab that is being retired stays what it is whenever another agent takes a block there', () => {
  let taken = 0;
  interruptEverywhere((): Scene => {
    const stage = new Stage();
    const empty = stage.b.allocate(64);
    const fill = () => stage.keep(stage.b, SLAB_BYTES);
    while (stage.b.capacity - stage.b.committed > 0) fill();
    while (stage.attemptFull(fill));
    stage.b.free(empty);
    return {
      action: () => stage.attemptFull(() => stage.keep(stage.a, SLAB_BYTES)),
      meanwhile: () => {
        const isDone = stage.attempt(() => stage.attemptFull(() => stage.keep(stage.b, 64)));
        if (isDone) taken++;
      },
      check: () => stage.expectIntact(),
    };
  });
  expect(taken).toBeGreaterThan(3);
});

describe('a handle of an object that is being freed', () => {
  it('never has a word of a raw block changed that came to lie there', () => {
    // Only where the object is freed and its slab reused between two looks at it.
    interruptEverywhere((): Scene => {
      const stage = new Stage();
      const { memory } = stage.actors;
      const offset = createObject(stage.b, 'Test', 48);
      const serial = publishObject(stage.b, offset);
      return {
        action: () => retainNamed(stage.a, offset, serial),
        meanwhile: () => {
          if (Atomics.load(memory.words, offset / 4 + 1) > 1) return;
          Atomics.store(memory.words, offset / 4, 0);
          Atomics.store(memory.words, offset / 4 + 1, 0);
          stage.b.free(offset);
          for (let i = 0; i < 20; i++) stage.keep(stage.b, SLAB_BYTES);
          for (const { offset: start, length } of stage.kept) {
            // Data that look like the object: its serial, and a number that looks like a count.
            stamp(memory, start, length, serial);
          }
        },
        check: () => {
          const changed = stage.kept.filter(
            (kept) => !isStamped(memory, kept.offset, kept.length, serial),
          );
          expect(changed).toEqual([]);
        },
      };
    });
  });
});

it('the committed part never shrinks, whoever grows it at the same time', () => {
  let before = 0;
  let highest = 0;
  interruptEverywhere((): Scene => {
    const stage = new Stage();
    const { words } = stage.actors.memory;
    return {
      action: () => stage.keep(stage.a, mib(1)),
      meanwhile: () => {
        stage.attempt(() => stage.keep(stage.b, mib(2)));
        before = Atomics.load(words, HEADER.COMMITTED);
        highest = Math.max(highest, before);
      },
      check: () => {
        expect(Atomics.load(words, HEADER.COMMITTED)).toBeGreaterThanOrEqual(before);
        stage.expectIntact();
      },
    };
  });
  expect(highest).toBeGreaterThan(30);
});
