import { explore, type Model, type Patch, sabotage } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import { ACTED, BARRIER, DONE, INDICES, init, LEFT, SLOTS, WORDS } from './fixtures/layout.js';

const labels = {
  [BARRIER]: 'MUTEX',
  [BARRIER + 5]: 'SEQUENCE',
  [BARRIER + 6]: 'WAITERS',
  [BARRIER + 8]: 'GENERATION',
  [BARRIER + 9]: 'PHASE',
  [BARRIER + 10]: 'ARRIVED',
  [BARRIER + 11]: 'ARRIVED_IN',
  [SLOTS]: 'SLOT 0',
  [SLOTS + 1]: 'SLOT 1',
  [SLOTS + 2]: 'SLOT 2',
  [DONE]: 'DONE',
  [LEFT]: 'LEFT',
  [ACTED]: 'ACTED',
};

/** Each index was given once in each of `passages`; nobody found the barrier broken. */
function passes(passages: number, parties: number) {
  return (words: Int32Array) => {
    expect(words[DONE]).toBe(passages * parties);
    expect(words[LEFT]).toBe(0);
    for (let index = 0; index < parties; index++) expect(words[INDICES + index]).toBe(passages);
  };
}

function model(parties: number, agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/barrier-agents.js', import.meta.url),
    subject: new URL('./fixtures/model-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init: (words) => {
      init(words);
      words[BARRIER + 7] = parties;
    },
    check: passes(1, agents.length),
    ...options,
  };
}

/** So many found the barrier broken, and nobody passed. */
const broken = (left: number, bound = 1): Partial<Model> => ({
  timeouts: 1,
  bound,
  check: (words) => expect([words[LEFT], words[DONE]]).toEqual([left, 0]),
});

const allOrNone = (all: number): Partial<Model> => ({
  timeouts: 1,
  check: (words) => expect([0, all]).toContain(words[DONE]),
});

const MODELS = {
  'three blocking parties meet': model(3, ['party', 'party', 'party'], { bound: 1 }),
  'two blocking parties and an awaiting one meet': model(3, ['party', 'party', 'asyncParty'], {
    bound: 1,
  }),
  'two parties meet twice': model(2, ['twice', 'twice'], { check: passes(2, 2) }),
  'a blocking and an awaiting party meet twice': model(2, ['twice', 'twiceAsync'], {
    check: passes(2, 2),
  }),
  'a party gives up while the last one arrives': model(
    2,
    ['impatientParty', 'party'],
    allOrNone(2),
  ),
  'a party gives up while two others arrive': model(3, ['impatientParty', 'party', 'party'], {
    ...allOrNone(3),
    bound: 0,
  }),
  'a party gives up, and nobody else comes': model(3, ['impatientParty', 'party'], broken(2)),
  'two parties wait when a third one dies': model(
    4,
    ['dyingParty', 'party', 'party'],
    broken(2, 0),
  ),
  'an awaiting party waits when another dies': model(3, ['dyingParty', 'asyncParty'], broken(1)),
  'a reset frees who waits, and all meet afterwards': model(
    2,
    ['stubbornParty', 'stubbornParty', 'resetter'],
    { bound: 1, check: (words) => expect(words[DONE]).toBe(2) },
  ),
  'an abort is found by all or none': model(2, ['party', 'party', 'aborter'], {
    bound: 1,
    check: (words) => expect([0, 2]).toContain(words[DONE]),
  }),
  'one party runs the action before anybody passes': model(2, ['actingParty', 'actingParty'], {
    check: (words) => {
      passes(1, 2)(words);
      expect(words[ACTED]).toBe(1);
    },
  }),
  'a party dies while it runs the action': model(2, ['dyingActor', 'dyingActor'], broken(1)),
  'a party is killed at any step while others give up': model(
    3,
    ['party', 'impatientParty', 'impatientParty'],
    {
      kills: 1,
      killable: ['party'],
      timeouts: 1,
      bound: 0,
      check: (words, { killed }) => {
        if (killed.length === 0) expect([0, 3]).toContain(words[DONE]);
        else expect((words[DONE] ?? 0) + (words[LEFT] ?? 0)).toBeGreaterThanOrEqual(2);
      },
    },
  ),
} satisfies Record<string, Model>;

describe('all parties pass or none, in any interleaving', () => {
  for (const [name, each] of Object.entries(MODELS)) {
    it(name, async () => {
      const { schedules, isComplete } = await explore(each);
      expect(isComplete).toBe(true);
      expect(schedules).toBeGreaterThan(10);
    });
  }
});

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: [keyof typeof MODELS, Patch][] = [
  [
    'three blocking parties meet',
    {
      name: 'nobody is woken',
      find: '    if (isChanged) this.events.wake(this.#agent, true);',
      replace: '',
    },
  ],
  [
    'three blocking parties meet',
    {
      name: 'one party is woken',
      find: 'this.events.wake(this.#agent, true);',
      replace: 'this.events.wake(this.#agent, false);',
    },
  ],
  [
    'two parties meet twice',
    {
      name: 'arrivals of the last generation count in the next',
      find: 'return this.#get(ARRIVED_IN) === this.#get(GENERATION) ? this.#get(ARRIVED) : 0;',
      replace: 'return this.#get(ARRIVED);',
    },
  ],
  [
    'an abort is found by all or none',
    {
      name: 'a party that passed is told that a later generation broke',
      find: "      if (this.#hasPassed(place)) return 'passed';\n",
      replace: '',
    },
  ],
  [
    'two parties wait when a third one dies',
    {
      name: 'nobody looks whether a party has died',
      find: 'if (!thorough || !this.#isNextDead(place)) return undefined;',
      replace: 'if (!this.#hasPassed(place)) return undefined;',
    },
  ],
  [
    'a party gives up, and nobody else comes',
    {
      name: 'a party that gives up does not break the barrier',
      find: '      if (this.#get(PHASE) === FILLING) this.#set(PHASE, BROKEN);\n      Atomics',
      replace: '      Atomics',
    },
  ],
  [
    'a reset frees who waits, and all meet afterwards',
    {
      name: 'the next generation begins before the broken one has left',
      find: '    if (this.#has((id) => id !== 0)) return;',
      replace: '',
    },
  ],
  [
    'one party runs the action before anybody passes',
    {
      name: 'the last party opens before its action',
      find: 'else if (!acts) this.#set',
      replace: 'else this.#set',
    },
  ],
  [
    'a party dies while it runs the action',
    {
      name: 'a party that waits looks at itself only',
      find: '(place.index + 1) % Math.max',
      replace: 'place.index % Math.max',
    },
  ],
];

describe('the models fail when one line is broken', () => {
  for (const [name, patch] of SABOTAGE) {
    it(`${patch.name} [${name}]`, async () => {
      const [outcome] = await sabotage(MODELS[name], [patch]);
      expect(outcome?.isCaught).toBe(true);
    });
  }
});
