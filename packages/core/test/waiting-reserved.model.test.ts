import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { COUNT, init, MUTEX, WORDS } from './fixtures/waiting-layout.js';

const MODELS = {
  'another wake-up has just woken somebody else': {
    module: new URL('./fixtures/waiting-reserved-agents.js', import.meta.url),
    subject: new URL('./fixtures/waiting-subject.ts', import.meta.url),
    agents: ['blocker', 'reserver', 'releaser'],
    words: WORDS,
    init: (words: Int32Array) => {
      init(words);
      words[MUTEX] = (1 << 10) | 2;
    },
    check: (words: Int32Array) => expect([words[COUNT], words[MUTEX]]).toEqual([2, 0]),
  },
};

const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'another wake-up has just woken somebody else',
    {
      name: 'a promised lock is announced to those only whose bits are set',
      find: 'this.events.wakeAll(this.#owners)',
      replace: 'this.events.wake(this.#owners, true)',
    },
  ],
];

modelSuite('a promised lock reaches the reserver', MODELS, SABOTAGE);
