import { explore, type Model, type Patch, sabotage } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import {
  BEGUN,
  DONE,
  init,
  initOrphan,
  initSeated,
  LEFT,
  MUTEX,
  NODE,
  NODE_WORDS,
  QUEUE,
  WORDS,
} from './fixtures/layout.js';

const labels: Record<number, string> = {
  [MUTEX]: 'MUTEX',
  [QUEUE]: 'NEXT_TICKET',
  [QUEUE + 1]: 'USED',
  [BEGUN]: 'BEGUN',
  [DONE]: 'DONE',
  [LEFT]: 'LEFT',
};
for (let node = 0; node < 3; node++) {
  for (const [word, name] of ['STATE', 'TICKET', 'SEEN', 'SEQUENCE', 'WAITERS'].entries()) {
    labels[NODE + node * NODE_WORDS + word] = `${name} ${node}`;
  }
}

/** So many were served; nobody waits any more, and the lock is free. */
function model(agents: string[], done: number, options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/condition-agents.js', import.meta.url),
    subject: new URL('./fixtures/model-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init: initSeated(2),
    check: (words) => {
      expect(words[DONE]).toBe(done);
      expect(words[MUTEX]).toBe(0);
      for (let node = 0; node < 3; node++) expect(words[NODE + node * NODE_WORDS]).toBe(0);
    },
    ...options,
  };
}

/** Both came to an end. That a notification was not lost is what the rescuer waits for. */
const bothEnd: Partial<Model> = {
  timeouts: 1,
  check: (words) => expect((words[DONE] ?? 0) + (words[LEFT] ?? 0)).toBe(2),
};

const MODELS = {
  'two notifications wake two blocking waiters': model(['waiter', 'waiter', 'notifyOneAndOne'], 2),
  'two notifications wake a blocking and an awaiting waiter': model(
    ['waiter', 'asyncWaiter', 'notifyOneAndOne'],
    2,
    { bound: 1 },
  ),
  'notifyAll wakes two awaiting waiters': model(['asyncWaiter', 'asyncWaiter', 'notifyAll'], 2, {
    bound: 1,
  }),
  'one notification serves one at the most': model(['impatient', 'impatient', 'notifyOne'], 0, {
    timeouts: 1,
    bound: 1,
    check: (words) => {
      expect(words[DONE]).toBeLessThan(2);
      expect((words[DONE] ?? 0) + (words[LEFT] ?? 0)).toBe(2);
    },
  }),
  'a waiter gives up while it is notified': model(['impatient', 'waiter', 'rescuer'], 0, {
    ...bothEnd,
    bound: 1,
  }),
  'an awaiting waiter gives up while it is notified': model(
    ['impatientAsync', 'waiter', 'rescuer'],
    0,
    { ...bothEnd, bound: 1 },
  ),
  'a waiter dies after it was notified': model(['doomed', 'waiter', 'rescuer'], 0, {
    ...bothEnd,
    bound: 1,
    check: (words) => {
      expect(words[DONE]).toBe(1);
      expect(words[NODE + NODE_WORDS]).toBe(0);
    },
  }),
  'an awaiting waiter inherits from one that dies': model(['doomed', 'asyncWaiter', 'rescuer'], 0, {
    ...bothEnd,
    bound: 1,
    check: (words) => expect(words[DONE]).toBe(1),
  }),
  'a waiter is killed at any step': model(['impatient', 'waiter', 'rescuer'], 0, {
    kills: 1,
    killable: ['impatient'],
    timeouts: 1,
    bound: 0,
    check: (words) => expect(words[DONE]).toBeGreaterThan(0),
  }),
  'two inherit from one that died': model(['heir', 'heir'], 1, { init: initOrphan, timeouts: 1 }),
  'two inherit from one that died, and are notified': model(['heir', 'heir', 'notifyOne'], 2, {
    init: initOrphan,
    timeouts: 1,
    bound: 1,
    check: (words) => {
      expect([1, 2]).toContain(words[DONE]);
      for (let node = 1; node < 3; node++) expect(words[NODE + node * NODE_WORDS]).toBe(0);
    },
  }),
  'two begin to wait at the same time': model(['newcomer', 'newcomer', 'notifyNewcomers'], 2, {
    init,
    bound: 1,
  }),
} satisfies Record<string, Model>;

describe('a notification serves exactly one call, in any interleaving', () => {
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
    'two notifications wake two blocking waiters',
    {
      name: 'the notified call is not woken',
      find: '    eventsOf(this.#memory, node).wake(this.#owners, false);',
      replace: '',
    },
  ],
  [
    'a waiter gives up while it is notified',
    {
      name: 'a time-out swallows a notification',
      find: 'return this.#isNotified() || !this.#exchange(this.#node, this.#owners.id, 0);',
      replace:
        'const is = this.#isNotified(); if (!is) Atomics.store(this.#words, this.#node, 0); return is;',
    },
  ],
  [
    'a waiter gives up while it is notified',
    {
      name: 'a call that has given up counts as notified',
      find: '      if (this.#notify(node)) left--;',
      replace: '      this.#notify(node); left--;',
    },
  ],
  [
    'a waiter dies after it was notified',
    {
      name: 'nobody inherits',
      find: 'return thorough && this.#nodes().some((node) => this.#inherit(node)) ? true : undefined;',
      replace: 'return undefined;',
    },
  ],
  [
    'a waiter dies after it was notified',
    {
      name: 'an heir goes on waiting with its own node',
      find: 'if (isMeant && this.#exchange(this.#node, me, 0)) {',
      replace: 'if (isMeant) {',
    },
  ],
  [
    'two inherit from one that died',
    {
      name: 'two inherit the same notification',
      find: 'if (!this.#exchange(node, state, me | NOTIFIED)) return false;',
      replace: 'Atomics.store(this.#words, node + STATE, me | NOTIFIED);',
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
