import { describe, expect, it } from 'vitest';
import type { Encoded } from '../src/codec/types.js';
import type { Arena } from '../src/memory/arena.js';
import { extendObject, makeObject } from '../src/objects/object-header.js';
import { BRANCH_HEADER, freeOwned, OWNED, release, writeBranch } from '../src/objects/owned.js';
import { writePayload } from '../src/objects/payload.js';
import { FamilyStage } from './fixtures/agents-stage.js';
import { killEverywhere, type Scene } from './fixtures/arena-steps.js';

interface Made {
  readonly offset: number;
  readonly serial: number;
}

function setUp() {
  const stage = new FamilyStage();
  const { arena } = stage.join(process.pid, 1);
  return { stage, arena, used: arena.used };
}

/** An object whose content owns what the words say. */
function container(arena: Arena, owned: readonly number[], data?: number): Made {
  return makeObject(arena, {
    type: 'Container',
    bytes: (BRANCH_HEADER + owned.length) * 4,
    branch: true,
    ...(data === undefined ? {} : { data }),
    initialise: (content) => {
      arena.memory.words.set(owned, content + BRANCH_HEADER);
      writeBranch(arena.memory.words, content, { count: owned.length, first: BRANCH_HEADER });
    },
  });
}

/** A block whose first owned word leads on, and whose others stand in slots of eight words. */
function segment(arena: Arena, next: number, slots: readonly number[]): number {
  const offset = arena.allocate((slots.length + 1) * 32);
  const { words } = arena.memory;
  words.fill(0, offset / 4, offset / 4 + (slots.length + 1) * 8);
  writeBranch(words, offset / 4, { count: slots.length + 1, first: 4, stride: 8 });
  for (const [position, owned] of [next, ...slots].entries()) {
    words[offset / 4 + 4 + position * 8] = owned;
  }
  return offset | OWNED.BRANCH;
}

function payload(arena: Arena, references: readonly Made[]): number {
  const copyTo = (target: Uint8Array) => target.fill(7);
  const encoded = { byteLength: 100, references, copyTo } as unknown as Encoded;
  return writePayload(arena, encoded) | OWNED.PAYLOAD;
}

describe('what an object owns', () => {
  it('is freed with it, at any depth: payloads, their references, blocks, branches and objects', () => {
    const { arena, used } = setUp();
    const inner = container(arena, [arena.allocate(5000) | OWNED.BLOCK]);
    const other = container(arena, []);
    const tail = segment(arena, 0, [payload(arena, [inner, other]), 0, payload(arena, [])]);
    const head = segment(arena, tail, [0, arena.allocate(100_000) | OWNED.BLOCK]);
    const { offset } = container(arena, [head, other.offset | OWNED.OBJECT], 300);
    release(arena, inner.offset);
    expect(arena.used).toBeGreaterThan(used + 105_000);
    release(arena, offset);
    expect(arena.used).toBe(used);
  });

  it('lives on when others refer to it', () => {
    const { stage, arena, used } = setUp();
    const shared = container(arena, [arena.allocate(64) | OWNED.BLOCK]);
    const { offset } = container(arena, [payload(arena, [shared])]);
    release(arena, offset);
    expect(stage.serial(shared.offset)).toBe(shared.serial);
    expect(stage.count(shared.offset)).toBe(1);
    release(arena, shared.offset);
    expect(arena.used).toBe(used);
  });

  it('may be a chain of any length', () => {
    const { arena, used } = setUp();
    let chain = 0;
    for (let i = 0; i < 20_000; i++) chain = segment(arena, chain, []);
    const nested = Array.from({ length: 5000 }).reduce<number>(
      (owned) => container(arena, [owned]).offset | OWNED.OBJECT,
      chain,
    );
    freeOwned(arena, nested);
    expect(arena.used).toBe(used);
  });

  it('is not lost when the object is extended', () => {
    const { arena, used } = setUp();
    const { offset } = container(arena, [arena.allocate(64) | OWNED.BLOCK]);
    const part = extendObject(arena, offset, 200);
    arena.memory.words.fill(-1, part, part + 50);
    release(arena, offset);
    expect(arena.used).toBe(used);
  });

  it('ends where a word has no tag', () => {
    const { arena, used } = setUp();
    const kept = arena.allocate(64);
    release(arena, container(arena, [0, kept, 64, -64]).offset);
    expect(arena.used).toBe(used + 64);
  });

  it('leaks when the last dropper is killed, and is never freed twice', () => {
    const steps = killEverywhere((): Scene => {
      const { arena, used } = setUp();
      const kept = container(arena, []);
      const owned = [payload(arena, [kept]), arena.allocate(64) | OWNED.BLOCK];
      const { offset } = container(arena, owned);
      return {
        action: () => release(arena, offset),
        meanwhile: () => {},
        check: () => {
          // Were a block free twice, two of these would be one.
          const blocks = Array.from({ length: 200 }, () => arena.allocate(64));
          expect(new Set(blocks).size).toBe(200);
          expect(blocks).not.toContain(kept.offset);
          for (const block of blocks) arena.free(block);
          expect(arena.used).toBeLessThanOrEqual(used + 4 * 192);
        },
      };
    });
    expect(steps).toBeGreaterThan(10);
  });
});
