import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { COUNTS, init, TAKEN, WORDS } from './fixtures/store-layout.js';

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/store-agents.js', import.meta.url),
    subject: new URL('./fixtures/store-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    init,
    maxSteps: 3000,
    ...options,
  };
}

function valuesIn(words: Int32Array): number[] {
  const counts = [...words.subarray(TAKEN, TAKEN + COUNTS)];
  return counts.flatMap((count, value) => Array(count).fill(value));
}

/** Each of these was taken once, and nothing else. */
function allOf(...values: number[]): Partial<Model> {
  return { check: (words) => expect(valuesIn(words)).toEqual(values) };
}

/** Nothing else and nothing twice, and all but so many. */
function allBut(count: number, ...values: number[]): Partial<Model> {
  return {
    check: (words) => {
      const taken = valuesIn(words);
      expect(values.filter((value) => taken.includes(value))).toEqual(taken);
      expect(taken.length).toBeGreaterThanOrEqual(values.length - count);
    },
  };
}

const killed = (name: string) => ({ kills: 1, killable: [name], timeouts: 1, bound: 0 });

const MODELS = {
  'stack: two producers and a consumer': model(['stackPutOne', 'stackPutOne', 'stackTakeTwo'], {
    ...allOf(3, 13),
    bound: 1,
  }),
  'stack: a producer and two consumers': model(['stackPutTwo', 'stackTakeOne', 'stackTakeOne'], {
    ...allOf(1, 2),
    bound: 1,
  }),
  'stack: two consumers and one item': model(
    ['stackPutOne', 'stackTakeNow', 'stackTakeNow'],
    allBut(1, 3),
  ),
  'stack: a producer that is killed at any step': model(
    ['stackPutTwo', 'stackPutOne', 'stackHeir'],
    { ...allBut(2, 1, 2, 13), ...killed('stackPutTwo') },
  ),
  'stack: a consumer that is killed at any step': model(
    ['stackPutTwo', 'stackTakeOne', 'stackHeir'],
    { ...allBut(1, 1, 2), ...killed('stackTakeOne') },
  ),
  'heap: two producers and a consumer': model(['heapPutOne', 'heapPutOne', 'heapTakeTwo'], {
    ...allOf(3, 13),
    bound: 1,
  }),
  'heap: a producer and two consumers': model(['heapPutTwo', 'heapTakeOne', 'heapTakeOne'], {
    ...allOf(1, 2),
    bound: 1,
  }),
  'heap: two consumers and one item': model(
    ['heapPutOne', 'heapTakeNow', 'heapTakeNow'],
    allBut(1, 3),
  ),
  'heap: a producer that is killed at any step': model(['heapPutTwo', 'heapPutOne', 'heapHeir'], {
    ...allBut(2, 1, 2, 13),
    ...killed('heapPutTwo'),
  }),
  'heap: a consumer that is killed at any step': model(['heapPutTwo', 'heapTakeOne', 'heapHeir'], {
    ...allBut(1, 1, 2),
    ...killed('heapTakeOne'),
  }),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'stack: a producer that is killed at any step',
    {
      name: 'an item counts before it is in its place',
      find: '    const leftover = this.#words[entry] as number;',
      replace:
        '    this.#setSize(size + 1, 0);\n    void this.size;\n' +
        '    const leftover = this.#words[entry] as number;\n',
    },
  ],
  [
    'stack: two consumers and one item',
    {
      name: 'a consumer does not look again once it has the lock',
      find: 'while (taken.length < max && this.count > 0) taken.push(this.#takeNext());',
      replace: 'taken.push(this.#takeNext());',
    },
  ],
  [
    'stack: two producers and a consumer',
    {
      name: 'put wakes nobody',
      find: '    if (isPut) this.items.wake(this.#agent, false);\n    else',
      replace: '    if (!isPut)',
    },
  ],
  [
    'heap: a consumer that is killed at any step',
    {
      name: 'a heap that was left halfway is taken for whole',
      find: '    if (this.#load(HEAP.DIRTY) !== 0) this.#cells.rebuild();\n',
      replace: '',
    },
  ],
  [
    'heap: a consumer that is killed at any step',
    {
      name: 'an item is taken out before it is noted that the order is not whole',
      find: '    this.#set(HEAP.DIRTY, 1);\n    // Takes the item out.\n    Atomics.store(this.#words, cell + PAYLOAD, 0);',
      replace: '    Atomics.store(this.#words, cell + PAYLOAD, 0);\n    this.#set(HEAP.DIRTY, 1);',
    },
  ],
  [
    'heap: two consumers and one item',
    {
      name: 'a consumer does not look again once it has the lock',
      find: 'while (taken.length < max && this.count > 0) taken.push(this.#takeNext());',
      replace: 'taken.push(this.#takeNext());',
    },
  ],
];

modelSuite('nothing is lost, doubled or torn, and nobody hangs', MODELS, SABOTAGE);
