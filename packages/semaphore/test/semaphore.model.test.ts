import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { BOUND, COUNTED, DONE, init, OWNED, PERMITS, TAKEN, WORDS } from './fixtures/layout.js';

/** Flag of STATE. */
const WAITED = 1 << 31;

const labels = {
  [COUNTED]: 'STATE',
  [COUNTED + 1]: 'BOUND',
  [COUNTED + 2]: 'RESERVER',
  [COUNTED + 3]: 'RESERVED_AT',
  [COUNTED + 4]: 'RESTS_UNTIL',
  [COUNTED + 5]: 'SMALL SEQUENCE',
  [COUNTED + 6]: 'SMALL WAITERS',
  [COUNTED + 7]: 'LARGE SEQUENCE',
  [COUNTED + 8]: 'LARGE WAITERS',
  [OWNED]: 'OWNED RESERVER',
  [OWNED + 7]: 'OWNED MUTEX',
  [PERMITS]: 'PERMIT',
  [TAKEN]: 'TAKEN',
  [DONE]: 'DONE',
};

/** All agents are served, and the permits are as they should be at the end, with no promise left. */
function model(value: number, agents: string[], left: number, options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/semaphore-agents.js', import.meta.url),
    subject: new URL('./fixtures/semaphore-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init: (words) => init(words, value),
    check: (words) => {
      expect(words[DONE]).toBe(agents.filter((agent) => !agent.startsWith('give')).length);
      // Whether somebody waited may still show; a promise may not.
      expect((words[COUNTED] as number) & ~WAITED).toBe(left);
      expect(words[COUNTED + 2]).toBe(0);
    },
    ...options,
  };
}

/** Permits with owners: at the end each is free, or belongs to somebody who was killed. */
function owned(value: number, agents: string[], options: Partial<Model> = {}): Model {
  return model(value, agents, value, {
    check: (words, { killed }) => {
      const dead = killed.map((index) => (1 << 10) | index);
      const owners = [...words.subarray(PERMITS, PERMITS + (words[BOUND] as number))];
      expect([0, ...dead]).toEqual(expect.arrayContaining(owners));
      expect(words[DONE]).toBeGreaterThanOrEqual(agents.length - killed.length);
    },
    ...options,
  });
}

const once = { bound: 1 };

const MODELS = {
  'three calls for the only permit': model(1, ['one', 'one', 'one'], 1),
  'three calls that take the free path first': model(1, ['passing', 'passing', 'passing'], 1, {
    check: (words) => {
      expect(words[DONE]).toBe(3);
      // The last step gives back, and forgets that somebody waited.
      expect(words[COUNTED]).toBe(1);
    },
  }),
  'two blocking calls and an awaiting one': model(1, ['one', 'one', 'oneAsync'], 1, once),
  'a call for two permits between calls for one': model(2, ['two', 'one', 'one'], 2),
  'awaiting calls for two permits and for one': model(2, ['twoAsync', 'oneAsync', 'two'], 2, once),
  'two awaiting calls of one agent, the first for more': model(2, ['twoThenOne', 'one', 'two'], 2, {
    ...once,
    check: (words) => {
      expect(words[DONE]).toBe(4);
      expect(words[COUNTED]).toBe(2);
    },
  }),
  'two permits, one after the other, for two sleepers': model(
    0,
    ['giveTwo', 'keepOne', 'keepOne'],
    0,
  ),
  'two permits at once for two sleepers': model(0, ['giveTwoAtOnce', 'keepOne', 'keepOne'], 0),
  'a permit for the one of two sleepers whom it suits': model(
    0,
    ['giveOneThenTwo', 'keepTwo', 'keepOne'],
    0,
    once,
  ),
  'two permits for the one of two sleepers whom they suit': model(
    0,
    ['giveTwoThenThree', 'keepThree', 'keepTwo'],
    0,
    once,
  ),
  'a call for two permits that reserves': model(2, ['hurriedTwo', 'one', 'one'], 2),
  'a promised permit among sleepers': model(1, ['one', 'one', 'hurriedOne'], 1),
  'a call that leaves wakes somebody else than the call that reserved': model(
    0,
    ['one', 'hurriedOne', 'giveAfterLeaving'],
    1,
    {
      init: (words) => {
        init(words, 0);
        words[BOUND] = 1;
      },
    },
  ),
  'two calls that reserve': model(2, ['hurriedTwo', 'hurriedTwo', 'hurriedOne'], 2, once),
  'a call that leaves although permits were promised to it': model(
    2,
    ['impatientTwo', 'one', 'one'],
    2,
    {
      timeouts: 1,
      bound: 1,
      check: (words) => {
        expect(words[DONE]).toBeGreaterThanOrEqual(2);
        expect(words[COUNTED]).toBe(2);
        expect(words[COUNTED + 2]).toBe(0);
      },
    },
  ),
  'a reserver is killed at any step': model(1, ['doomed', 'looker'], 1, {
    kills: 1,
    killable: ['doomed'],
    timeouts: 1,
    bound: 0,
    check: (words) => {
      expect(words[DONE]).toBe(1);
      // Whoever is killed while it reserves leaves the flag behind: the next taker removes it.
      expect((words[COUNTED] as number) & 3).toBe(1);
    },
  }),
  'a reserver does something else': model(1, ['staller', 'looker'], 1, {
    timeouts: 1,
    bound: 1,
    check: (words) => {
      expect(words[DONE]).toBe(1);
      expect(words[COUNTED]).toBe(1);
    },
  }),
  'owned: three calls for the only permit': owned(1, [
    'ownOneSoundly',
    'ownOneSoundly',
    'ownOneSoundly',
  ]),
  'owned: a call for two permits between others': owned(
    2,
    ['ownTwoSoundly', 'ownOneSoundly', 'ownOneAsync'],
    once,
  ),
  'owned: an agent killed at any step': owned(2, ['ownTwo', 'ownOne', 'ownOneAsync'], {
    kills: 1,
    timeouts: 2,
    bound: 0,
  }),
  'owned: two heirs of an agent that died with both permits': owned(
    2,
    ['dying', 'ownOne', 'ownTwo'],
    { timeouts: 1, ...once },
  ),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'three calls for the only permit',
    {
      name: 'release does not wake',
      find: '    else if ((state & WAITED) !== 0) this.#wake(permits > 1);',
      replace: '',
    },
  ],
  [
    'three calls that take the free path first',
    {
      name: 'release does not forget that somebody waited',
      find: 'const after = (state + permits) & ~WAITED;',
      replace: 'const after = state + permits;',
    },
  ],
  [
    'three calls that take the free path first',
    {
      name: 'the free path takes permits that are not there when somebody waits',
      find: 'return state > 0 && state < RESERVED &&',
      replace: 'return state !== 0 && state < RESERVED &&',
    },
  ],
  [
    'a reserver does something else',
    {
      name: 'the free path takes promised permits',
      find: 'return state > 0 && state < RESERVED &&',
      replace: 'return state > 0 &&',
    },
  ],
  [
    'three calls that take the free path first',
    {
      name: 'a call sleeps although the permits do not tell of it',
      find: 'if (isTold || this.#exchange(state, state | WAITED)) return false;',
      replace: 'return false;',
    },
  ],
  [
    'three calls that take the free path first',
    {
      name: 'a call sleeps although the permits have changed',
      find: 'if (isTold || this.#exchange(state, state | WAITED)) return false;',
      replace: 'if (!isTold) this.#exchange(state, state | WAITED); return false;',
    },
  ],
  [
    'three calls that take the free path first',
    {
      name: 'a call that was woken and served does not tell that others may sleep',
      find: 'if (this.#exchange(state, (state - call.permits) | waited)) return true;',
      replace: 'if (this.#exchange(state, state - call.permits)) return true;',
    },
  ],
  [
    'three calls for the only permit',
    {
      name: 'taking does not compare',
      find: 'if (this.#exchange(state, (state - call.permits) | waited)) return true;',
      replace: 'Atomics.sub(this.#words, this.#index, call.permits); return true;',
    },
  ],
  [
    'a call for two permits between calls for one',
    {
      name: 'a call is content with fewer permits',
      find: 'if ((state & COUNT) < call.permits || this',
      replace: 'if ((state & COUNT) === 0 || this',
    },
  ],
  [
    'two permits, one after the other, for two sleepers',
    {
      name: 'a taker does not pass the second wake-up on',
      find: 'return !this.isBroadcast && this.#source.value > 0;',
      replace: 'return false;',
    },
  ],
  [
    'a permit for the one of two sleepers whom it suits',
    {
      name: 'all calls wait on the same event count',
      find: '    return permits === 1 ? this.#small : this.#large;\n  }\n\n  takeFree(): boolean {\n    const',
      replace:
        '    return permits === 0 ? this.#large : this.#small;\n  }\n\n  takeFree(): boolean {\n    const',
    },
  ],
  [
    'two permits for the one of two sleepers whom they suit',
    {
      name: 'one of several calls for more than one permit is woken',
      find: 'this.#large.wake(this.#owners, true);',
      replace: 'this.#large.wake(this.#owners, false);',
    },
  ],
  [
    'a promised permit among sleepers',
    {
      name: 'a promised permit wakes one sleeper, perhaps the wrong one',
      find: 'if ((state & RESERVED) !== 0) this.#wakeReserver();',
      replace: 'if ((state & RESERVED) !== 0) this.#wake(false);',
    },
  ],
  [
    'a call that leaves wakes somebody else than the call that reserved',
    {
      name: 'whoever gives back to a reserver trusts the bits of those who wait',
      find: '    this.#small.wakeAll(this.#owners);',
      replace: '    this.#small.wake(this.#owners, true);',
    },
  ],
  [
    'a promised permit among sleepers',
    {
      name: 'permits are promised that are there already',
      find: 'if ((state & RESERVED) !== 0 || (state & COUNT) >= call.permits) return;',
      replace: 'if ((state & RESERVED) !== 0) return;',
    },
    { bound: 3 },
  ],
  [
    'a call for two permits that reserves',
    {
      name: 'a call that was served keeps its reservation',
      find: '    if (this.#source.reservation.drop(this)) this.#source.unreserve();',
      replace: '',
    },
  ],
  [
    'a call that leaves although permits were promised to it',
    {
      name: 'the end of a reservation wakes nobody',
      find: '    if ((state & COUNT) > 0) this.#wake(true);',
      replace: '',
    },
    { bound: 2 },
  ],
  [
    'a reserver does something else',
    {
      name: 'a reservation never lapses',
      find: 'if (((milliseconds() - since) | 0) > LAPSE) return true;',
      replace: 'if (since < 0) return true;',
    },
  ],
  [
    'owned: three calls for the only permit',
    {
      name: 'two calls look for free permits at the same time',
      find: 'const isTaken = tryWithMutex(this.#agent, this.#mutex, () => {',
      replace: 'const isTaken = ((_agent, _mutex, run) => run())(this.#agent, this.#mutex, () => {',
    },
    { bound: 2 },
  ],
  [
    'owned: three calls for the only permit',
    {
      name: 'owned permits are given back in silence',
      find: '    for (const permit of mine) Atomics.store(this.#words, permit, 0);\n    this.#wake();',
      replace: '    for (const permit of mine) Atomics.store(this.#words, permit, 0);',
    },
  ],
  [
    'owned: two heirs of an agent that died with both permits',
    {
      name: 'nobody looks whether an owner has died',
      find: '(thorough && this.#agent.isDead(owner))',
      replace: 'false',
    },
  ],
];

modelSuite('nobody hangs, no permit is lost or doubled', MODELS, SABOTAGE);
