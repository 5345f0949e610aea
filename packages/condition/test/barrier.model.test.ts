import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import {
  ACTED,
  BARRIER,
  DONE,
  INDICES,
  init,
  initParties,
  LEFT,
  SLOTS,
  sumOf,
  WORDS,
} from './fixtures/layout.js';

const labels = {
  [BARRIER]: 'MUTEX',
  [BARRIER + 5]: 'SEQUENCE',
  [BARRIER + 6]: 'WAITERS',
  [BARRIER + 8]: 'STATE',
  [BARRIER + 9]: 'ARRIVED',
  [BARRIER + 10]: 'ARRIVED_IN',
  [BARRIER + 11]: 'ARRIVED_AT',
  [SLOTS]: 'SLOT 0',
  [SLOTS + 1]: 'SLOT 1',
  [SLOTS + 2]: 'SLOT 2',
  [ACTED]: 'ACTED',
};

/** An agent that does not run. */
const DEAD = 3;

/** Each index was given once in each of `passages`; nobody found the barrier broken. */
function passes(passages: number, parties: number) {
  return (words: Int32Array) => {
    expect(sumOf(words, DONE)).toBe(passages * parties);
    expect(sumOf(words, LEFT)).toBe(0);
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
const broken = (left: number): Partial<Model> => ({
  timeouts: 1,
  check: (words) => expect([sumOf(words, LEFT), sumOf(words, DONE)]).toEqual([left, 0]),
});

const allOrNone = (all: number): Partial<Model> => ({
  timeouts: 1,
  check: (words) => expect([0, all]).toContain(sumOf(words, DONE)),
});

const MODELS = {
  'three blocking parties meet': model(3, ['party', 'party', 'party']),
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
  'a party waits, one gives up, and the last one arrives': model(
    3,
    ['seatedParty', 'leaver', 'party'],
    { ...allOrNone(3), init: initParties(3, [0, 1]), timeouts: 0 },
  ),
  'a party gives up, and nobody else comes': model(3, ['impatientParty', 'party'], broken(2)),
  'two parties wait when a third one dies': model(4, ['party', 'party'], {
    ...broken(2),
    init: initParties(4, [DEAD]),
  }),
  'an awaiting party waits when another dies': model(3, ['dyingParty', 'asyncParty'], broken(1)),
  'a reset frees who waits, and all meet afterwards': model(
    2,
    ['stubbornParty', 'stubbornParty', 'resetter'],
    { bound: 1, check: (words) => expect(sumOf(words, DONE)).toBe(2) },
  ),
  'who finds a dead party breaks no generation that begins meanwhile': model(
    1,
    ['resettingParty', 'looker'],
    { init: initParties(1, [DEAD]), check: passes(1, 1) },
  ),
  'an abort is found by all or none': model(2, ['party', 'party', 'aborter'], {
    check: (words) => expect([0, 2]).toContain(sumOf(words, DONE)),
  }),
  'the last party finds that one has died, though nobody else had time to look': model(
    3,
    ['party', 'asyncParty'],
    { ...broken(2), init: initParties(3, [DEAD], 50), timeouts: 0 },
  ),
  'one party runs the action before anybody passes': model(2, ['actingParty', 'actingParty'], {
    check: (words) => {
      passes(1, 2)(words);
      expect(words[ACTED]).toBe(1);
    },
  }),
  'a party dies while it runs the action': model(2, ['dyingActor', 'dyingActor'], broken(1)),
  'a party is killed at any step while another gives up': model(2, ['party', 'impatientParty'], {
    kills: 1,
    killable: ['party'],
    timeouts: 1,
    check: (words, { killed }) => {
      if (killed.length === 0) expect([0, 2]).toContain(sumOf(words, DONE));
      else expect((words[DONE + 1] ?? 0) + (words[LEFT + 1] ?? 0)).toBe(1);
    },
  }),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'three blocking parties meet',
    {
      name: 'nobody is woken',
      find: 'if (this.#words.state !== state) this.events.wake(this.#agent, true);',
      replace: '',
    },
  ],
  [
    'three blocking parties meet',
    {
      name: 'one party is woken',
      find: '!== state) this.events.wake(this.#agent, true);',
      replace: '!== state) this.events.wake(this.#agent, false);',
    },
  ],
  [
    'two parties meet twice',
    {
      name: 'arrivals of the last generation count in the next',
      find: 'return this.#look(ARRIVED_IN) === generation ? this.#look(ARRIVED) : 0;',
      replace: 'return this.#look(ARRIVED);',
    },
  ],
  [
    'a party gives up while the last one arrives',
    {
      name: 'a party that passed is told that the barrier broke',
      find: "    if (!isBroken && generationOf(this.#words.state) !== place.generation) return 'passed';\n",
      replace: '',
    },
  ],
  [
    'two parties wait when a third one dies',
    {
      name: 'nobody looks whether a party has died',
      find: '    this.#breakIfNextDead(place);',
      replace: '    if (state === place.generation) return undefined;',
    },
  ],
  [
    'a party gives up, and nobody else comes',
    {
      name: 'a party that gives up does not break the barrier',
      find: 'this.#move(place.generation, place.generation | BROKEN);',
      replace: 'false;',
    },
  ],
  [
    'a reset frees who waits, and all meet afterwards',
    {
      name: 'the next generation begins before the broken one has left',
      find: 'isEmpty && this',
      replace: 'this',
    },
  ],
  [
    'who finds a dead party breaks no generation that begins meanwhile',
    {
      name: 'a reset leads back to the same generation',
      find: 'move(state, following(state)) ? following(state) : state;',
      replace: 'move(state, generation) ? generation : state;',
    },
  ],
  [
    'one party runs the action before anybody passes',
    {
      name: 'the last party opens before its action',
      find: 'this.#checkAlive(state) && !acts;',
      replace: 'this.#checkAlive(state);',
    },
  ],
  [
    'the last party finds that one has died, though nobody else had time to look',
    {
      name: 'the last party asks nobody whether the others live',
      find: '> RECENT;',
      replace: '> 1e9;',
    },
  ],
  [
    'a party dies while it runs the action',
    {
      name: 'a party that waits looks at itself only',
      find: 'isNewest ? 0 : index + 1',
      replace: 'isNewest ? index : index',
    },
  ],
];

modelSuite('all parties pass or none', MODELS, SABOTAGE);
