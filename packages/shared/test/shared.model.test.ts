import { explore, type Model, type Patch, sabotage } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
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
};

const SABOTAGES: [Patch, keyof typeof MODELS][] = [
  [
    {
      name: 'the sum is stored over what another has added meanwhile',
      find: 'Atomics.compareExchange(cells, 0, before, sum)',
      replace: '(Atomics.store(cells, 0, sum), before)',
    },
    'three agents add, and there is room for two',
  ],
  [
    {
      name: 'the check of the sum is left out',
      find: "kind.check(before + (delta as number), 'the sum') as number",
      replace: '((before + (delta as number)) << 24) >> 24',
    },
    'three agents add, and there is room for two',
  ],
  [
    {
      name: 'a slot is written where it is read',
      find: '(Atomics.load(this.#words, slot + STATE) & SECOND) ^ SECOND',
      replace: 'Atomics.load(this.#words, slot + STATE) & SECOND',
    },
    'a writer of a slot is killed anywhere',
  ],
  [
    {
      name: 'both rooms of a slot are the same',
      find: 'start + (this.#words[slot + ROOM] as number)',
      replace: 'start',
    },
    'a writer of a slot is killed anywhere',
  ],
  [
    {
      name: 'the rooms of neighbours overlap',
      find: 'start += room * 2',
      replace: 'start += room',
    },
    'two agents write a slot and one reads it',
  ],
];

describe('the words of shared values, in all interleavings', () => {
  for (const [name, one] of Object.entries(MODELS)) {
    it(`${name}: nothing is lost or torn`, { timeout: 120_000 }, async () => {
      const { isComplete, schedules } = await explore(one);
      expect(isComplete).toBe(true);
      expect(schedules).toBeGreaterThan(5);
    });
  }

  it.each(SABOTAGES)('$name: is found', { timeout: 120_000 }, async (patch, name) => {
    const [outcome] = await sabotage(MODELS[name], [patch]);
    expect(outcome?.isCaught).toBe(true);
  });
});
