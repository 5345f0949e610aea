import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { DONE, init, MUTEX, NUMBER, REFUSED, SLOTS, WORDS } from './fixtures/layout.js';

const labels = {
  [MUTEX]: 'MUTEX',
  [NUMBER]: 'NUMBER',
  [REFUSED]: 'REFUSED',
  [DONE]: 'DONE',
  [SLOTS]: 'SLOT STATE',
};

function model(agents: string[], check: Model['check'], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/model-agents.js', import.meta.url),
    subject: new URL('./fixtures/model-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init,
    ...(check && { check }),
    ...options,
  };
}

const everybodyDone =
  (count: number): NonNullable<Model['check']> =>
  (words, { killed }) =>
    expect(words[DONE]).toBeGreaterThanOrEqual(count - killed.length);

/** The number is what the agents that succeeded have added. */
const sumIsRight = (words: Int32Array) => expect(words[NUMBER]).toBe((words[DONE] as number) * 50);

const MODELS = {
  'three agents add, and there is room for two': model(['adder', 'adder', 'adder'], (words) => {
    sumIsRight(words);
    expect([words[DONE], words[REFUSED]]).toEqual([2, 1]);
  }),
  'two agents add while one subtracts': model(['adder', 'adder', 'subtracter'], sumIsRight),
  'three agents add, interrupted more often': model(['adder', 'adder', 'adder'], sumIsRight, {
    bound: 4,
  }),
  'two agents write a slot and one reads it': model(
    ['longWriter', 'shortWriter', 'reader'],
    everybodyDone(3),
    { bound: 1 },
  ),
  'a writer of a slot is killed anywhere': model(
    ['longWriter', 'shortWriter', 'reader'],
    everybodyDone(3),
    { kills: 1, killable: ['longWriter'], bound: 1, timeouts: 1 },
  ),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'three agents add, and there is room for two',
    {
      name: 'the sum is stored over what another has added meanwhile',
      find: 'Atomics.compareExchange(cells, 0, before, sum)',
      replace: '(Atomics.store(cells, 0, sum), before)',
    },
  ],
  [
    'three agents add, and there is room for two',
    {
      name: 'the check of the sum is left out',
      find: "kind.check(before + (delta as number), 'the sum') as number",
      replace: '((before + (delta as number)) << 24) >> 24',
    },
  ],
  [
    'a writer of a slot is killed anywhere',
    {
      name: 'a slot is written where it is read',
      find: '(Atomics.load(this.#words, slot + STATE) & SECOND) ^ SECOND',
      replace: 'Atomics.load(this.#words, slot + STATE) & SECOND',
    },
  ],
  [
    'a writer of a slot is killed anywhere',
    {
      name: 'both rooms of a slot are the same',
      find: 'start + (this.#words[slot + ROOM] as number)',
      replace: 'start',
    },
  ],
  [
    'two agents write a slot and one reads it',
    {
      name: 'the rooms of neighbours overlap',
      find: 'start += room * 2',
      replace: 'start += room',
    },
  ],
];

modelSuite('nothing is lost or torn', MODELS, SABOTAGE);
