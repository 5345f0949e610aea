import { type Arena, Epochs, ThreadMemory } from '@multiproc/core';
import type { Model } from '@multiproc/testing';
import { fillAgentTable } from '@multiproc/testing/model';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { makeEntry, valueStart } from '../src/entry.js';
import { Key } from '../src/key.js';
import { DICT, STRIPES } from '../src/layout.js';
import { Store } from '../src/store.js';
import { CONTENT, ModelHeap, ONLY_LAST, SLICES, WORDS } from './fixtures/model-heap.js';
import { entryOf, KEYS } from './fixtures/model-keys.js';

/** The dictionary as an agent sees it that comes before, or after, all others. */
function open(words: Int32Array): { store: Store; heap: ModelHeap; memory: ThreadMemory } {
  const memory = new ThreadMemory(words.buffer as SharedArrayBuffer, 0);
  const heap = new ModelHeap(memory);
  const table = { high: 0, tenantAt: () => 0, isDead: () => true };
  const agent = {
    id: (9 << 10) | 1023,
    slice: 1,
    spins: 0,
    isGone: () => true,
    isDead: () => true,
    ring() {},
    waitingOn() {},
    checkParent() {},
  };
  const epochs = new Epochs(memory, table, 0);
  const store = new Store(heap as unknown as Arena, epochs, agent, CONTENT, () => {});
  return { store, heap, memory };
}

/** Puts keys into an empty dictionary, in this order. */
function fill(words: Int32Array, positions: readonly number[]): Store {
  fillAgentTable(words, 3);
  words[CONTENT] = 1 + STRIPES;
  words[CONTENT + 1] = DICT.ROOT | (1 << 16);
  const { store, heap } = open(words);
  for (const position of positions) {
    const key = new Key().set(KEYS[position], 0);
    store.set(key, entryOf({ makeEntry }, heap, key, position, 0), false);
  }
  return store;
}

function init(words: Int32Array): void {
  fill(words, [0, 1, 2]);
}

/** Without key 0, so that iterators have less to do. */
function initFew(words: Int32Array): void {
  words[ONLY_LAST] = 1;
  fill(words, [1, 2]);
}

/** The order has a dead cell in front of the others. */
function initDead(words: Int32Array): void {
  fill(words, [1, 0, 2]).delete(new Key().set(KEYS[1], 0), false);
}

/** Values by position of the key, `undefined` for those that are not there. */
function valuesOf(words: Int32Array): (number | undefined)[] {
  const { store, memory } = open(words);
  return KEYS.map((value) => {
    const entry = store.reader.find(new Key().set(value, 0));
    return entry === 0 ? undefined : (memory.bytes[valueStart(words, entry)] as number) % 10;
  });
}

/** Whatever happened: counts are right, the order and the table agree, and every key can be set. */
function expectSound(words: Int32Array): void {
  const { store, heap } = open(words);
  const present = valuesOf(words).filter((value) => value !== undefined).length;
  const reached = { place: -1, position: -1 };
  let count = 0;
  while (store.reader.next(reached) !== 0) count++;
  expect(count).toBe(present);
  for (const [position, value] of KEYS.entries()) {
    const key = new Key().set(value, 0);
    expect(store.set(key, entryOf({ makeEntry }, heap, key, position, 9), true)).not.toBe(-1);
  }
  expect(store.all.size).toBe(KEYS.length);
  expect(valuesOf(words)).toEqual([9, 9, 9, 9, 9]);
}

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/model-agents.js', import.meta.url),
    subject: new URL('./fixtures/model-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    init,
    check: expectSound,
    ...options,
  };
}

/** Somebody is killed: whoever waits for them finds out after a time slice. */
const deadly: Partial<Model> = {
  init: (words) => {
    init(words);
    words[SLICES] = 1;
  },
  kills: 1,
  timeouts: 2,
  bound: 0,
};

/** Exact values at the end, where nobody is killed. */
function ends(...values: (number | undefined)[]): Partial<Model> {
  return {
    check: (words) => {
      expect(valuesOf(words)).toEqual(values);
      expectSound(words);
    },
  };
}

const _ = undefined;

const MODELS = {
  'readers of a key that a writer changes': model(
    ['reader', 'changer', 'peeker'],
    ends(1, 0, 0, _, _),
  ),
  'readers while a block is used again': model(
    ['seeker', 'recycler', 'peeker'],
    ends(1, 5, 0, _, _),
  ),
  'a reader, a deleter and one that makes the table grow': model(
    ['seeker', 'remover', 'expander'],
    ends(0, _, 0, 1, _),
  ),
  'readers of a key whose slot becomes that of another': model(
    ['peeker', 'replacer', 'seeker'],
    ends(0, _, 0, 1, _),
  ),
  'two agents that insert into the same stripe, and one that compares table and order': model(
    ['inserter', 'otherInserter', 'comparer'],
    { bound: 1, ...ends(0, 0, 0, 1, 1) },
  ),
  'an iterator, a deleter and an inserter': model(['iterator', 'remover', 'inserter'], {
    init: initFew,
    bound: 1,
    ...ends(_, _, 0, 1, _),
  }),
  'an iterator and a reader while the order is compacted': model(
    ['iterator', 'bareCompactor', 'seeker'],
    { init: initDead, ...ends(0, _, 0, _, _) },
  ),
  'a reader while everything is cleared': model(['peeker', 'clearer'], ends(_, _, _, _, _)),
  'two agents that compute the same value, and one that reads': model(
    ['computer', 'computer', 'reader'],
    { bound: 1, ...ends(2, 0, 0, _, _) },
  ),
  'a reader of the keys around a deleted one': model(['finder', 'deleter'], ends(0, _, 0, _, _)),
  'a reader of two keys with the same hash': model(['twinFinder', 'inserter'], ends(0, 0, 0, 1, _)),
  'three agents that change the same stripe': model(['writer', 'grower', 'inserter'], {
    bound: 1,
    ...ends(2, 0, 0, 1, 1),
  }),
  'a writer killed at any step': model(['writer', 'reader'], { ...deadly, bound: 1 }),
  'a deleter and an inserter killed at any step': model(['replacer', 'grower'], deadly),
  'a compactor killed at any step': model(['compactor', 'iterator'], deadly),
  'a computer killed at any step': model(['computer', 'computer'], deadly),
} satisfies Record<string, Model>;

const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'readers while a block is used again',
    {
      name: 'a block is used again at once',
      find: 'if (!this.#suits(owned, length) || !this.#epochs.isPast(words[record + 1] as number)) return 0;',
      replace: 'if (!this.#suits(owned, length)) return 0;',
    },
  ],
  [
    'readers of a key that a writer changes',
    {
      name: 'what was taken out is freed at once',
      find: 'if (!this.#epochs.passes(this.#words[record + 1] as number, thorough)) break;',
      replace: '',
    },
  ],
  [
    'three agents that change the same stripe',
    {
      name: 'a writer takes no lock',
      find: '    if (mutex.takeFree()) return;',
      replace: '    if (stripe >= 0) return;',
    },
  ],
  [
    'a reader, a deleter and one that makes the table grow',
    {
      name: 'a grown table is published before it is filled',
      find: '    for (const cell of cells) addTo(',
      replace:
        '    Atomics.store(words, root + ROOT.TABLES + stripe, offset | OWNED.BLOCK);\n' +
        '    for (const cell of cells) Atomics.load(words, 0), addTo(',
    },
  ],
  [
    'a reader of the keys around a deleted one',
    {
      name: 'a deleted slot ends the search',
      find: 'Atomics.store(words, this.#slot + TABLE.CELL, GONE);',
      replace: 'Atomics.store(words, this.#slot + TABLE.CELL, 0);',
    },
  ],
  [
    'a reader of the keys around a deleted one',
    {
      name: 'a search ends at a deleted slot',
      find: 'if (cell === 0) return 0;\n      if (cell === GONE || ',
      replace: 'if (cell === 0 || cell === GONE) return 0;\n      if (',
    },
  ],
  [
    'a reader of two keys with the same hash',
    {
      name: 'the key is not compared',
      find: '      if (!key.equals(words, this.#bytes, at)) continue;\n      return ((',
      replace: '      return ((',
    },
  ],
  [
    'two agents that insert into the same stripe, and one that compares table and order',
    {
      name: 'an entry is in the order before it is in the table',
      find: '    Atomics.store(words, slot + TABLE.CELL, cell);\n    // Commits: publishes the entry to `find` and `next`.\n    Atomics.store(words, cell + CELL.ENTRY, entry | OWNED.PAYLOAD);',
      replace:
        '    Atomics.store(words, cell + CELL.ENTRY, entry | OWNED.PAYLOAD);\n    Atomics.store(words, slot + TABLE.CELL, cell);',
    },
  ],
  [
    'an iterator and a reader while the order is compacted',
    {
      name: 'an iterator goes on at the position that it had',
      find: 'position >= 0 && placeAt(words, root, position) === place',
      replace: 'position >= 0',
    },
  ],
  [
    'an iterator and a reader while the order is compacted',
    {
      name: 'what the old root was made of is freed at once',
      find: '  if (!epochs.passes(Atomics.load(words, root + ROOT.JUNK_EPOCH), thorough)) return false;',
      replace: '',
    },
  ],
  [
    'an iterator and a reader while the order is compacted',
    {
      name: 'the new root is published before it is filled',
      find: '  move(words, old, root);\n  publish(arena, epochs, content, offset);',
      replace: '  publish(arena, epochs, content, offset);\n  move(words, old, root);',
    },
  ],
  [
    'two agents that compute the same value, and one that reads',
    {
      name: 'nobody looks whether a key is locked',
      find: 'result = ownership(this.#words, this.#agent, this.#table.cell, thorough);\n      if (result === 0) result = action(stripe);',
      replace: 'result = action(stripe);',
    },
  ],
  [
    'two agents that compute the same value, and one that reads',
    {
      name: 'a key is unlocked in silence',
      find: '      this.locks.unlock(stripe);\n      this.locks.wake(stripe);',
      replace: '      this.locks.unlock(stripe);',
    },
  ],
  [
    'a computer killed at any step',
    {
      name: 'nobody looks whether the owner of a key has died',
      find: 'const isDead = agent.isGone(owner) || (thorough && agent.isDead(owner));',
      replace: 'const isDead = owner < 0;',
    },
  ],
  [
    'a deleter and an inserter killed at any step',
    {
      name: 'nobody counts again after a death',
      find: 'if (grant === ABANDONED) this.#repair(stripe);',
      replace: '',
    },
  ],
  [
    'a writer killed at any step',
    {
      name: 'the old entry is freed before the new one is stored',
      find: '    const old = this.entry;\n',
      replace:
        '    const old = this.entry;\n    this.#arena.free(old * 4);\n    if (old !== 0) Atomics.load(this.#words, 0);\n',
    },
    // Somebody searches for ever in what was freed.
    { hangTimeout: 1_000 },
  ],
];

modelSuite('readers find what is there, and nothing that was freed', MODELS, SABOTAGE);
