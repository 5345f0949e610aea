import { explore, type Model, sabotage } from '@multiproc/testing';
import { expect, it } from 'vitest';
import { COUNT, init, MUTEX, WORDS } from './fixtures/waiting-layout.js';

const model: Model = {
  module: new URL('./fixtures/waiting-reserved-agents.js', import.meta.url),
  subject: new URL('./fixtures/waiting-subject.ts', import.meta.url),
  agents: ['blocker', 'reserver', 'releaser'],
  words: WORDS,
  init: (words) => {
    init(words);
    words[MUTEX] = (1 << 10) | 2;
  },
  check: (words) => expect([words[COUNT], words[MUTEX]]).toEqual([2, 0]),
};

it('a promised lock reaches the reserver, though another wake-up has just woken somebody else', async () => {
  const { isComplete } = await explore(model);
  expect(isComplete).toBe(true);
});

it('not when whoever releases trusts the bits of those who wait', async () => {
  const patch = {
    name: 'a promised lock is announced to those only whose bits are set',
    find: 'this.events.wakeAll(this.#owners)',
    replace: 'this.events.wake(this.#owners, true)',
  };
  const [outcome] = await sabotage(model, [patch]);
  expect(outcome?.isCaught).toBe(true);
});
