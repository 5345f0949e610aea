import { describe, expect, it } from 'vitest';
import { Arena } from '../src/memory/arena.js';
import { SLAB_BYTES } from '../src/memory/layout.js';
import type { MemoryKind } from '../src/memory/memory.js';
import { extendObject, makeObject, retainNamed } from '../src/objects/object-header.js';
import { OBJECT_HEADER } from '../src/objects/object-layout.js';
import { release } from '../src/objects/owned.js';
import { Actors, newMemory } from './fixtures/arena-memory.js';

const SLABS = 16;
const actors = new Actors(1);

interface Made {
  readonly offset: number;
  readonly serial: number;
}

/** Makes objects of which some hold others, as a condition holds its lock. */
class Stage {
  readonly arena: Arena;

  constructor(kind: MemoryKind) {
    this.arena = new Arena(newMemory(kind, SLABS), actors.owner(1), () => {});
  }

  plain(): Made {
    return makeObject(this.arena, { type: 'Held', bytes: 20 });
  }

  /** An object that holds another one, with so many bytes of data beside it. */
  holder(held: Made, data?: number): Made {
    const holds = () => ({ family: '', type: 'Held', ...held });
    const beside = data === undefined ? {} : { data };
    return makeObject(this.arena, { type: 'Holder', bytes: 12, holds, ...beside });
  }

  lives({ offset, serial }: Made): boolean {
    const isRetained = retainNamed(this.arena, offset, serial);
    if (isRetained) release(this.arena, offset);
    return isRetained;
  }
}

describe.each<MemoryKind>(['process', 'thread'])('a held object, %s memory', (kind) => {
  it('lives as long as the object that holds it, and as long as anybody else refers to it', () => {
    const stage = new Stage(kind);
    const { used } = stage.arena;
    const [held, shared] = [stage.plain(), stage.plain()];
    const [holder, other] = [stage.holder(held), stage.holder(shared)];
    release(stage.arena, held.offset);
    expect(stage.lives(held)).toBe(true);
    release(stage.arena, holder.offset);
    expect([stage.lives(held), stage.lives(holder)]).toEqual([false, false]);
    release(stage.arena, other.offset);
    expect(stage.lives(shared)).toBe(true);
    release(stage.arena, shared.offset);
    expect(stage.arena.used).toBe(used);
  });

  it('is freed with the data and all parts of the object that holds it', () => {
    const stage = new Stage(kind);
    const { arena } = stage;
    const { used } = arena;
    const [beside, above] = [stage.plain(), stage.plain()];
    const withData = stage.holder(beside, 3 * SLAB_BYTES);
    const withParts = stage.holder(above);
    for (let part = 1; part <= 50; part++) {
      const index = extendObject(arena, withParts.offset, 100);
      expect(arena.memory.words.subarray(index, index + 25)).toEqual(new Int32Array(25));
      arena.memory.words.fill(part, index, index + 25);
    }
    for (const { offset } of [beside, above]) release(arena, offset);
    expect([stage.lives(beside), stage.lives(above)]).toEqual([true, true]);
    expect(arena.memory.words[(withData.offset + OBJECT_HEADER) / 4]).toBe(beside.offset);
    for (const { offset } of [withData, withParts]) release(arena, offset);
    expect([stage.lives(beside), stage.lives(above)]).toEqual([false, false]);
    expect(arena.used).toBe(used);
  });

  it('that is gone already cannot be held: nothing is made, and nothing is left behind', () => {
    const stage = new Stage(kind);
    const { used } = stage.arena;
    const held = stage.plain();
    release(stage.arena, held.offset);
    const refused = expect.objectContaining({ code: 'ERR_DISPOSED' });
    expect(() => stage.holder(held)).toThrow(refused);
    expect(() => stage.holder(held, SLAB_BYTES)).toThrow(refused);
    const living = stage.plain();
    expect(() => stage.holder(living, 2 * SLABS * SLAB_BYTES)).toThrow(
      expect.objectContaining({ code: 'ERR_ARENA_FULL' }),
    );
    release(stage.arena, living.offset);
    expect(stage.lives(living)).toBe(false);
    expect(stage.arena.used).toBe(used);
  });
});
