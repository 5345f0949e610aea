import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import {
  DONE,
  init,
  initNotified,
  initOrphan,
  initSeated,
  LEFT,
  MUTEX,
  NODE,
  NODE_WORDS,
  QUEUE,
  sumOf,
  TOLD,
  USED,
  WORDS,
} from './fixtures/layout.js';

const labels: Record<number, string> = {
  [MUTEX]: 'MUTEX',
  [QUEUE]: 'NEXT_TICKET',
  [USED]: 'USED',
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
      expect(sumOf(words, DONE)).toBe(done);
      expect(words[MUTEX]).toBe(0);
      for (let node = 0; node < 3; node++) expect(words[NODE + node * NODE_WORDS]).toBe(0);
    },
    ...options,
  };
}

/** Two came to an end, and as many of them were served as were notified. */
const bothEnd: Partial<Model> = {
  timeouts: 1,
  check: (words) => {
    expect(sumOf(words, DONE) + sumOf(words, LEFT)).toBe(2);
    expect(sumOf(words, DONE)).toBe(words[TOLD]);
  },
};

/** One inherits from another that was notified and died. */
const inherits: Partial<Model> = {
  timeouts: 1,
  check: (words) => {
    expect(sumOf(words, DONE)).toBe(1);
    expect(words[NODE + NODE_WORDS]).toBe(0);
  },
};

/** Two agents only: they may be interrupted more often. */
const interrupted: Partial<Model> = { timeouts: 1, bound: 3 };

const MODELS = {
  'two notifications wake two blocking waiters': model(['waiter', 'waiter', 'notifyOneAndOne'], 2),
  'two notifications wake a blocking and an awaiting waiter': model(
    ['waiter', 'asyncWaiter', 'notifyOneAndOne'],
    2,
  ),
  'notifyAll wakes two blocking waiters': model(['waiter', 'waiter', 'notifyAll'], 2),
  'notifyAll wakes two awaiting waiters': model(['asyncWaiter', 'asyncWaiter', 'notifyAll'], 2),
  'two waiters give up while one is notified': model(
    ['impatient', 'impatientAsync', 'notifyOne'],
    0,
    bothEnd,
  ),
  'an awaiting waiter dies after it was notified': model(
    ['doomedAsync', 'waiter', 'notifyOne'],
    0,
    { ...inherits, bound: 1 },
  ),
  'a blocking waiter dies after it was notified': model(
    ['doomed', 'asyncWaiter', 'notifyOne'],
    0,
    inherits,
  ),
  'a waiter is killed at any step after it was notified': model(['waiter', 'successor'], 0, {
    ...interrupted,
    init: initNotified,
    kills: 1,
    killable: ['waiter'],
    check: (words, { killed }) => {
      if (killed.length === 0) expect([words[DONE], words[DONE + 1]]).toEqual([1, 0]);
      else expect(sumOf(words, DONE)).toBeGreaterThan(0);
    },
  }),
  'a notifier dies before it wakes': model(['waiter', 'dyingNotifier'], 1, {
    ...interrupted,
    init: initSeated(1),
  }),
  'two inherit from one that died': model(['heir', 'heir'], 1, {
    ...interrupted,
    init: initOrphan,
  }),
  'one inherits from another that died, and is notified': model(['heir', 'notifyOne'], 1, {
    ...interrupted,
    init: initOrphan,
    check: (words) => {
      expect(sumOf(words, DONE)).toBe(1);
      expect(words[NODE + NODE_WORDS]).toBe(0);
      // Two notifications: the other one is still there, or went to the third who waits.
      const isNotified = (words[NODE + 2 * NODE_WORDS] as number) > 1 << 30;
      expect(words[NODE] !== 0).toBe(!isNotified);
    },
  }),
  'two begin to wait, and the third one notifies, with the lock': model(
    ['meeter', 'meeterAsync', 'meeter'],
    2,
    { init, bound: 1 },
  ),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'two begin to wait, and the third one notifies, with the lock',
    {
      name: 'the notified are not woken',
      find: '    for (const events of notified) events.wake(this.#ringer, false);',
      replace: '',
    },
  ],
  [
    'notifyAll wakes two blocking waiters',
    {
      name: 'one call is woken after notifyAll',
      find: '    for (const events of notified) events.wake(this.#ringer, false);',
      replace: '    notified[0]?.wake(this.#ringer, false);',
    },
  ],
  [
    'two waiters give up while one is notified',
    {
      name: 'a time-out swallows a notification',
      find: 'return this.#isNotified() || !this.#exchange(this.#node, this.#owners.id, 0);',
      replace:
        'const is = this.#isNotified(); if (!is) Atomics.store(this.#words, this.#node, 0); return is;',
    },
  ],
  [
    'two waiters give up while one is notified',
    {
      name: 'a call that has given up counts as notified',
      find: 'if (before === waiter) notified',
      replace: 'if (before !== undefined) notified',
    },
  ],
  [
    'a blocking waiter dies after it was notified',
    {
      name: 'nobody inherits',
      find: 'return thorough && this.#nodes().some((node) => this.#inherit(node)) ? true : undefined;',
      replace: 'return undefined;',
    },
  ],
  [
    'an awaiting waiter dies after it was notified',
    {
      name: 'an awaiting call uses its notification up before it has the lock',
      find: '  await lock.resume(suspended);\n  if (isNotified) node.finish();',
      replace: '  if (isNotified) node.finish();\n  await lock.resume(suspended);',
    },
  ],
  [
    'a blocking waiter dies after it was notified',
    {
      name: 'a blocking call uses its notification up before it has the lock',
      find: '  lock.resumeSync(suspended);\n  if (isNotified) node.finish();',
      replace: '  if (isNotified) node.finish();\n  lock.resumeSync(suspended);',
    },
  ],
  [
    'a blocking waiter dies after it was notified',
    {
      name: 'an heir goes on waiting with its own node',
      find: 'if (isMeant && this.#exchange(this.#node, me, 0)) {',
      replace: 'if (isMeant) {',
    },
  ],
  [
    'one inherits from another that died, and is notified',
    {
      name: 'an heir that is notified itself takes the other notification too',
      find: 'if (isMeant && this.#exchange(this.#node, me, 0)) {',
      replace:
        'if (isMeant && this.#node !== undefined) { Atomics.store(this.#words, this.#node, 0);',
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

modelSuite('a notification serves exactly one call', MODELS, SABOTAGE);
