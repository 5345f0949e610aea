import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { BEGUN, DONE, EPOCH, init, WORDS } from './fixtures/layout.js';

const labels = {
  [EPOCH]: 'EPOCH',
  [EPOCH + 1]: 'SEQUENCE',
  [EPOCH + 2]: 'WAITERS',
  [BEGUN]: 'BEGUN',
  [DONE]: 'DONE',
};

/** Nobody hangs, every waiter is served once, and the event is left as the last one left it. */
function model(agents: string[], done: number, epoch: number, options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/event-agents.js', import.meta.url),
    subject: new URL('./fixtures/event-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init,
    check: (words) => {
      expect(words[DONE]).toBe(done);
      expect(words[EPOCH]).toBe(epoch);
    },
    ...options,
  };
}

const MODELS = {
  'set() wakes two blocking waiters': model(['waiter', 'waiter', 'setter'], 2, 1),
  'set() wakes a blocking and an awaiting waiter': model(['waiter', 'asyncWaiter', 'setter'], 2, 1),
  'set() and clear() serve two blocking waiters': model(['punctual', 'punctual', 'pulser'], 2, 2),
  'set() and clear() serve a blocking and an awaiting waiter': model(
    ['punctual', 'punctualAsync', 'pulser'],
    2,
    2,
  ),
  'two agents set at the same time': model(['waiter', 'setter', 'setter'], 1, 1),
  'somebody sets while another sets, clears and sets': model(
    ['waiter', 'twiceSetter', 'setter'],
    1,
    3,
    {
      check: (words) => {
        expect(words[DONE]).toBe(1);
        expect([3, 5]).toContain(words[EPOCH]);
      },
    },
  ),
  'a waiter leaves by its time-out while two others wait': model(
    ['impatient', 'waiter', 'waiter', 'setter'],
    2,
    1,
    { timeouts: 1, bound: 1 },
  ),
  'an awaiting waiter leaves by its time-out while another waits': model(
    ['impatientAsync', 'waiter', 'setter'],
    1,
    1,
    { timeouts: 1, bound: 1 },
  ),
  'a waiter is killed at any step': model(['waiter', 'waiter', 'setter'], 0, 1, {
    kills: 1,
    bound: 1,
    killable: ['waiter'],
    check: (words, { killed }) => {
      expect(words[EPOCH]).toBe(1);
      expect(words[DONE]).toBeGreaterThanOrEqual(2 - killed.length);
    },
  }),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'set() and clear() serve two blocking waiters',
    {
      name: 'a waiter looks only whether the event is set',
      find: 'return epoch !== began || (epoch & 1) === 1 ? true : undefined;',
      replace: 'return (epoch & 1) === 1 ? true : undefined;',
    },
  ],
  [
    'set() and clear() serve a blocking and an awaiting waiter',
    {
      name: 'clear() takes the epoch back',
      find: 'const found = Atomics.compareExchange(this.#words, this.#index, epoch, (epoch + 1) | 0);',
      replace: 'const found = Atomics.compareExchange(this.#words, this.#index, epoch, epoch ^ 1);',
    },
  ],
  [
    'set() wakes two blocking waiters',
    {
      name: 'set() wakes one waiter',
      find: '    this.events.wake(ringer, true);',
      replace: '    this.events.wake(ringer, false);',
    },
  ],
  [
    'set() wakes two blocking waiters',
    {
      name: 'set() wakes before it sets',
      find: '    this.#step(0);\n',
      replace: '    this.events.wake(ringer, true); this.#step(0); if (ringer) return;\n',
    },
  ],
  [
    'two agents set at the same time',
    {
      name: 'set() does not compare',
      find: 'const found = Atomics.compareExchange(this.#words, this.#index, epoch, (epoch + 1) | 0);',
      replace: 'const found = epoch; Atomics.add(this.#words, this.#index, 1);',
    },
  ],
  [
    'a waiter leaves by its time-out while two others wait',
    {
      name: 'a waiter that leaves wakes only one of the others',
      find: '      isBroadcast: true,',
      replace: '',
    },
  ],
];

modelSuite('nobody hangs, nobody is forgotten', MODELS, SABOTAGE);
