import { describe, expect, it } from 'vitest';
import { SLOT } from '../src/agents/slot.js';
import {
  createObject,
  MAX_CONTENT,
  publishObject,
  retainNamed,
} from '../src/objects/object-header.js';
import { release } from '../src/objects/owned.js';
import { releaseAll } from '../src/objects/references.js';
import { FamilyStage, NO_THREAD, type Player } from './fixtures/agents-stage.js';
import { interruptEverywhere, killEverywhere, type Scene } from './fixtures/arena-steps.js';

interface Cast {
  readonly stage: FamilyStage;
  readonly keeper: Player;
  readonly victim: Player;
  readonly offset: number;
  readonly serial: number;
}

/** An object that the keeper refers to, and a victim that may. */
function cast(): Cast {
  const stage = new FamilyStage();
  const keeper = stage.join(process.pid, 1);
  const victim = stage.join(NO_THREAD, 2);
  const offset = createObject(keeper.arena, 'Test', 100);
  const serial = publishObject(keeper.arena, offset);
  keeper.references.add(offset);
  return { stage, keeper, victim, offset, serial };
}

function attachAs(player: Player, offset: number, serial: number): number | undefined {
  player.references.reserve();
  if (!retainNamed(player.arena, offset, serial)) return undefined;
  return player.references.add(offset);
}

function killAndReap({ stage, keeper, victim }: Cast): void {
  stage.kill(victim);
  keeper.reaper.reap(victim.id);
}

describe('an object', () => {
  it('is freed when the last reference goes, and not before', () => {
    const { stage, keeper, victim, offset, serial } = cast();
    const { used } = keeper.arena;
    const entry = attachAs(victim, offset, serial) as number;
    expect(stage.count(offset)).toBe(2);
    victim.references.drop(entry, offset);
    expect(stage.serial(offset)).toBe(serial);
    release(keeper.arena, offset);
    expect(stage.serial(offset)).toBe(0);
    expect(retainNamed(victim.arena, offset, serial)).toBe(false);
    expect(keeper.arena.used).toBeLessThanOrEqual(used + 512);
  });

  it('gives one reference back once, however often it is dropped', () => {
    const { stage, victim, offset, serial } = cast();
    const entry = attachAs(victim, offset, serial) as number;
    victim.references.drop(entry, offset);
    victim.references.drop(entry, offset);
    expect(stage.count(offset)).toBe(1);
  });

  it('cannot be larger than what a handle can lead to', () => {
    const { keeper } = cast();
    expect(() => createObject(keeper.arena, 'Test', MAX_CONTENT + 1)).toThrowError(/too much/);
    const offset = createObject(keeper.arena, 'Test', MAX_CONTENT);
    expect(retainNamed(keeper.arena, offset, publishObject(keeper.arena, offset))).toBe(true);
  });

  it('is not found at an offset where no object starts', () => {
    const { keeper, offset, serial } = cast();
    const { committed, capacity } = keeper.arena;
    const wrong = [-64, 0, 64, offset + 1, offset + 16, offset + 64, offset + 128, committed - 64];
    wrong.push(committed, capacity, capacity * 2, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, 0.5);
    expect(wrong.filter((one) => retainNamed(keeper.arena, one, serial))).toEqual([]);
    const raw = keeper.arena.allocate(128);
    keeper.arena.memory.words.fill(serial, raw / 4, raw / 4 + 32);
    expect(retainNamed(keeper.arena, raw, serial)).toBe(false);
  });

  it('never has another serial than its own, and no serial comes twice', () => {
    const { keeper } = cast();
    const serials = Array.from({ length: 1000 }, () => {
      const offset = createObject(keeper.arena, 'Test', 8);
      const serial = publishObject(keeper.arena, offset);
      release(keeper.arena, offset);
      return serial;
    });
    expect(new Set(serials).size).toBe(1000);
    expect(serials).not.toContain(0);
  });
});

describe('an agent killed at any step', () => {
  it('while it attaches leaves the object to those who live, and one count too many at the most', () => {
    const steps = killEverywhere((): Scene => {
      const scene = cast();
      return {
        action: () => attachAs(scene.victim, scene.offset, scene.serial),
        meanwhile: () => killAndReap(scene),
        check: () => {
          expect(scene.stage.serial(scene.offset)).toBe(scene.serial);
          expect([1, 2]).toContain(scene.stage.count(scene.offset));
        },
      };
    });
    expect(steps).toBeGreaterThan(8);
  });

  it('while it lets go leaves the object to those who live', () => {
    killEverywhere((): Scene => {
      const scene = cast();
      const entry = attachAs(scene.victim, scene.offset, scene.serial) as number;
      return {
        action: () => scene.victim.references.drop(entry, scene.offset),
        meanwhile: () => killAndReap(scene),
        check: () => {
          expect(scene.stage.serial(scene.offset)).toBe(scene.serial);
          expect([1, 2]).toContain(scene.stage.count(scene.offset));
        },
      };
    });
  });

  it('while it makes an object leaves none that can be found half made', () => {
    killEverywhere((): Scene => {
      const scene = cast();
      let made = 0;
      return {
        action: () => {
          made = createObject(scene.victim.arena, 'Other', 100);
          scene.stage.memory.words.fill(-1, made / 4 + 4, made / 4 + 29);
          publishObject(scene.victim.arena, made);
        },
        meanwhile: () => killAndReap(scene),
        check: () => {
          const { words } = scene.stage.memory;
          const isFull = made !== 0 && words[made / 4 + 28] === -1;
          expect(made !== 0 && scene.stage.serial(made) !== 0).toBe(false && isFull);
        },
      };
    });
  });

  it('while it reaps another is replaced: the next reaper finishes, and frees nothing twice', () => {
    const steps = killEverywhere((): Scene => {
      const scene = cast();
      const { stage, keeper, victim, offset, serial } = scene;
      const reaper = stage.join(NO_THREAD + 1, 3);
      const others = Array.from({ length: 3 }, () => {
        const own = createObject(victim.arena, 'Test', 100);
        victim.references.add(own);
        return { own, serial: publishObject(victim.arena, own) };
      });
      attachAs(victim, offset, serial);
      stage.kill(victim);
      return {
        action: () => reaper.reaper.reap(victim.id),
        meanwhile: () => {
          stage.kill(reaper);
          keeper.reaper.sweep();
        },
        check: () => {
          expect(stage.serial(offset)).toBe(serial);
          expect([1, 2]).toContain(stage.count(offset));
          const left = others.filter((other) => stage.serial(other.own) === other.serial);
          // The one whose entry was taken and not yet counted down when the reaper was killed.
          expect(left.length).toBeLessThanOrEqual(1);
          expect(keeper.table.isGone(victim.id)).toBe(true);
          expect(keeper.table.isGone(reaper.id)).toBe(true);
          stage.join(process.pid, 4);
          stage.join(process.pid, 5);
          expect(stage.lostPlaces(keeper.table)).toEqual([]);
          expect(keeper.table.high).toBe(3);
        },
      };
    });
    expect(steps).toBeGreaterThan(100);
  });
});

describe('counts are exact', () => {
  it('whenever another agent lets go of the last reference while one attaches', () => {
    interruptEverywhere((): Scene => {
      const { stage, keeper, victim, offset, serial } = cast();
      let entry: number | undefined;
      return {
        action: () => {
          entry = attachAs(victim, offset, serial);
        },
        meanwhile: () => release(keeper.arena, offset),
        check: () => {
          const isMine = entry !== undefined;
          expect(stage.serial(offset)).toBe(isMine ? serial : 0);
          expect(stage.count(offset)).toBe(isMine ? 1 : 0);
        },
      };
    });
  });

  it('whenever the object is freed and its block becomes another object while one attaches', () => {
    interruptEverywhere((): Scene => {
      const { stage, keeper, victim, offset, serial } = cast();
      let entry: number | undefined;
      let next: { offset: number; serial: number } | undefined;
      return {
        action: () => {
          entry = attachAs(victim, offset, serial);
        },
        meanwhile: () => {
          release(keeper.arena, offset);
          const made = createObject(keeper.arena, 'Other', 100);
          next = { offset: made, serial: publishObject(keeper.arena, made) };
        },
        check: () => {
          if (!next) return;
          const wasFirst = entry !== undefined;
          expect(stage.serial(next.offset)).toBe(next.serial);
          expect(stage.count(next.offset)).toBe(1);
          expect(stage.serial(offset)).toBe(wasFirst ? serial : next.serial);
        },
      };
    });
  });

  it('whenever two reapers and a late owner give the same references back', () => {
    interruptEverywhere((): Scene => {
      const { stage, keeper, victim, offset, serial } = cast();
      const entries = [1, 2, 3].map(() => attachAs(victim, offset, serial) as number);
      return {
        action: () => releaseAll(keeper.arena, keeper.table, victim.id),
        meanwhile: () => {
          victim.references.drop(entries[1] as number, offset);
          releaseAll(victim.arena, victim.table, victim.id);
        },
        check: () => {
          expect(stage.count(offset)).toBe(1);
          expect(keeper.table.get(victim.id, SLOT.REFERENCES)).toBe(0);
        },
      };
    });
  });

  it('with more references than one chunk lists', () => {
    const { stage, keeper, victim, offset, serial } = cast();
    const { used } = keeper.arena;
    for (let i = 0; i < 1000; i++) attachAs(victim, offset, serial);
    expect(stage.count(offset)).toBe(1001);
    stage.kill(victim);
    keeper.reaper.sweep();
    expect(stage.count(offset)).toBe(1);
    expect(keeper.arena.used).toBe(used);
  });
});
