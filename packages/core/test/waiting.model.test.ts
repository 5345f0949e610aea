import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { COUNT, DONE, INSIDE, init, MUTEX, WORDS } from './fixtures/waiting-layout.js';

const labels = {
  [MUTEX]: 'STATE',
  [MUTEX + 1]: 'RESERVER',
  [MUTEX + 2]: 'RESERVED_AT',
  [MUTEX + 3]: 'SEQUENCE',
  [MUTEX + 4]: 'WAITERS',
  [INSIDE]: 'INSIDE',
  [COUNT]: 'COUNT',
  [DONE]: 'DONE',
};

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/waiting-agents.js', import.meta.url),
    subject: new URL('./fixtures/waiting-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init,
    ...options,
  };
}

/** All agents got the lock, and left it free with no promise behind. */
function allServed(count: number): Partial<Model> {
  return {
    check: (words) => {
      expect(words[COUNT]).toBe(count);
      expect(words[MUTEX]).toBe(0);
      expect(words[MUTEX + 1]).toBe(0);
    },
  };
}

/** Nobody hangs; whoever gave up may have been served or not. */
const nobodyHangs: Partial<Model> = {
  check: (words) => {
    expect(words[MUTEX]).toBe(0);
    expect(words[INSIDE]).toBe(0);
  },
};

const done = (count: number): Partial<Model> => ({
  check: (words) => expect(words[DONE]).toBe(count),
});

const MODELS = {
  'three blocking agents': model(['blocker', 'blocker', 'blocker'], allServed(3)),
  'three agents that take the free path first': model(['passer', 'passer', 'passer'], allServed(3)),
  'two agents that take the free path first, and an awaiting one': model(
    ['passer', 'passer', 'awaiter'],
    allServed(3),
  ),
  'two blocking agents and an awaiting one': model(['blocker', 'blocker', 'awaiter'], allServed(3)),
  'a blocking agent and two awaiting ones': model(['blocker', 'awaiter', 'awaiter'], allServed(3)),
  'two flows of one agent beside two blocking agents': model(['twice', 'blocker', 'blocker'], {
    ...allServed(4),
    bound: 1,
  }),
  'waiters that are overtaken and reserve the next turn': model(
    ['dawdler', 'dawdler', 'blocker'],
    allServed(3),
  ),
  'an awaiting waiter that reserves the next turn': model(
    ['dawdler', 'dawdler', 'awaiter'],
    allServed(3),
  ),
  'a waiter that leaves by time-out': model(['blocker', 'blocker', 'impatient'], {
    ...nobodyHangs,
    timeouts: 1,
    bound: 1,
  }),
  'an awaiting waiter that leaves by time-out': model(['blocker', 'blocker', 'impatientAwaiter'], {
    ...nobodyHangs,
    timeouts: 1,
    bound: 1,
  }),
  'a waiter that leaves although the next turn was promised to it': model(
    ['blocker', 'impatientReserver', 'sleeper'],
    { ...nobodyHangs, timeouts: 1 },
  ),
  'a promised turn among sleepers': model(['blocker', 'sleeper', 'reserver'], allServed(3)),
  'a waiter that leaves by its signal': model(['aborter', 'blocker', 'blocker'], nobodyHangs),
  'an agent killed at any step': model(['blocker', 'blocker', 'awaiter'], {
    kills: 1,
    timeouts: 2,
    bound: 0,
  }),
  'two heirs of an agent that died with the lock': model(['dying', 'blocker', 'blocker'], {
    timeouts: 1,
    bound: 1,
  }),
  'a sleeper behind a dead owner, and one who only tries': model(['sleeper', 'trier', 'dier'], {
    init: (words) => {
      init(words);
      words[MUTEX] = (1 << 10) | 2;
    },
    check: (words) => expect(words[COUNT]).toBe(2),
  }),
  'a sleeper behind a dead reserver, and one who only tries': model(
    ['sleeper', 'trier', 'promisedDier'],
    {
      init: (words) => {
        init(words);
        words[MUTEX] = 1 << 30;
      },
      check: (words) => expect(words[COUNT]).toBe(2),
    },
  ),
  'two permits for two blocking takers': model(['giver', 'taker', 'taker'], done(2)),
  'two permits for a blocking and an awaiting taker': model(
    ['giver', 'taker', 'asyncTaker'],
    done(2),
  ),
  'a broadcast to a sleeper and an awaiter': model(['opener', 'watcher', 'asyncWatcher'], done(3)),
  'a broadcast to two sleepers': model(['opener', 'watcher', 'watcher'], done(3)),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'three blocking agents',
    {
      name: 'a waiter announces itself after its attempt',
      find: '    events.announceSleeper(sequence);\n    const taken = attempt.take(thorough);',
      replace: '    const taken = attempt.take(thorough); events.announceSleeper(sequence);',
    },
  ],
  [
    'three blocking agents',
    {
      name: 'the sequence stays where it is',
      find: '    Atomics.add(this.memory.words, this.index, 1);\n    if ((waiters & SLEEPER) !== 0)',
      replace: '    if ((waiters & SLEEPER) !== 0)',
    },
  ],
  [
    'three blocking agents',
    {
      name: 'the sequence moves after the wake-up',
      find:
        '    Atomics.add(this.memory.words, this.index, 1);\n' +
        '    if ((waiters & SLEEPER) !== 0) this.memory.wake(this.index, all);',
      replace:
        '    if ((waiters & SLEEPER) !== 0) this.memory.wake(this.index, all);\n' +
        '    Atomics.add(this.memory.words, this.index, 1);',
    },
    { bound: 3 },
  ],
  [
    'three blocking agents',
    {
      name: 'release does not wake',
      find: 'else if ((state & WAITED) !== 0) this.events.wake(this.#owners, false);',
      replace: '',
    },
  ],
  [
    'three agents that take the free path first',
    {
      name: 'a waiter sleeps although the lock does not tell of it',
      find: 'if (isTold || this.#exchange(state, state | WAITED)) return undefined;',
      replace: 'return undefined;',
    },
  ],
  [
    'three agents that take the free path first',
    {
      name: 'a waiter sleeps although the lock has changed hands',
      find: 'if (isTold || this.#exchange(state, state | WAITED)) return undefined;',
      replace: 'if (!isTold) this.#exchange(state, state | WAITED); return undefined;',
    },
  ],
  [
    'three agents that take the free path first',
    {
      name: 'who was woken and has the lock does not tell that others may sleep',
      find: 'const mine = this.#owners.id | waited;',
      replace: 'const mine = this.#owners.id;',
    },
  ],
  [
    'a sleeper behind a dead owner, and one who only tries',
    {
      name: 'an heir forgets that somebody waits',
      find: 'const kept = state & (owner === 0 ? WAITED : WAITED | RESERVED);',
      replace: 'const kept = state & (owner === 0 ? WAITED : RESERVED);',
    },
  ],
  [
    'a sleeper behind a dead reserver, and one who only tries',
    {
      name: 'who takes a lock that was promised to somebody else forgets that somebody waits',
      find: 'const kept = state & (owner === 0 ? WAITED : WAITED | RESERVED);',
      replace: 'const kept = state & (owner === 0 ? 0 : WAITED | RESERVED);',
    },
  ],
  [
    'a waiter that leaves although the next turn was promised to it',
    {
      name: 'a free lock whose promise was given up is nobody to take',
      find: 'if ((state & RESERVED) === 0) return true;',
      replace: 'if ((state & RESERVED) === 0) return false;',
    },
  ],
  [
    'two heirs of an agent that died with the lock',
    {
      name: 'two waiters inherit the same lock',
      find: 'if (this.#exchange(state, mine | kept)) return',
      replace: 'this.#exchange(state, mine | kept); return',
    },
  ],
  [
    'an agent killed at any step',
    {
      name: 'nobody looks whether the owner has died',
      find: '(thorough && this.#owners.isDead(id))',
      replace: 'false',
    },
  ],
  [
    'two blocking agents and an awaiting one',
    {
      name: 'an awaiter does not announce itself',
      find: '      waiter.events.announceAgent(this.#agent.bit);',
      replace: '',
    },
  ],
  [
    'two blocking agents and an awaiting one',
    {
      name: 'the doorbell is not armed again',
      find: '    this.#table.set(this.id, SLOT.ARMED, this.id);',
      replace: '    this.#table.exchange(this.id, SLOT.ARMED, 0, 0);',
    },
  ],
  [
    'a promised turn among sleepers',
    {
      name: 'a promised lock wakes one sleeper, perhaps the wrong one',
      find: '      if (reserved !== 0) this.events.wakeAll(this.#owners);\n      else if',
      replace: '      if',
    },
  ],
  [
    'waiters that are overtaken and reserve the next turn',
    {
      name: 'release loses against a reservation',
      find: 'return state === me || ((state & OWNER) === me && this.releaseFor(me));',
      replace: 'return true;',
    },
  ],
  [
    'waiters that are overtaken and reserve the next turn',
    {
      name: 'a waiter that was served keeps its reservation',
      find: '      attempt.leave?.();\n      if (attempt.more',
      replace: '      if (attempt.more',
    },
  ],
  [
    'a waiter that leaves although the next turn was promised to it',
    {
      name: 'a waiter that leaves does not wake those that it kept out',
      find: '  attempt.leave?.();\n  events.wake(agent, attempt.isBroadcast === true);',
      replace: '  attempt.leave?.();',
    },
  ],
  [
    'a waiter that leaves although the next turn was promised to it',
    {
      name: 'a waiter that leaves keeps its reservation',
      find: '    if (Atomics.compareExchange(this.#words, this.#index + RESERVER, me, 0) !== me) return;',
      replace: '    if (me > 0) return;',
    },
  ],
  [
    'two permits for two blocking takers',
    {
      name: 'a taker does not pass the second wake-up on',
      find: '      if (attempt.more?.()) events.wake(agent, false);',
      replace: '',
    },
  ],
  [
    'a broadcast to two sleepers',
    {
      name: 'a broadcast wakes one',
      find: 'this.memory.wake(this.index, all);',
      replace: 'this.memory.wake(this.index, false);',
    },
  ],
];

modelSuite('nobody hangs, nobody shares the lock', MODELS, SABOTAGE);
