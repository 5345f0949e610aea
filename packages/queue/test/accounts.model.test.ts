import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { WORDS } from './fixtures/accounts-layout.js';
import { init } from './fixtures/store-layout.js';

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/accounts-agents.js', import.meta.url),
    subject: new URL('./fixtures/accounts-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    init,
    maxSteps: 3000,
    bound: 1,
    ...options,
  };
}

const MODELS = {
  'two workers, and one that joins': model(['joinerOfTwo', 'worker', 'worker']),
  'one that works, and two that join': model(['joiner', 'joiner', 'workerOfTwo']),
  'one that gets an item, and another that finishes it': model(['joiner', 'getter', 'finisher']),
  'one worker, and one that joins': model(['joiner', 'worker'], { bound: 2 }),
  'a worker that is killed at any step': model(['heir', 'worker', 'worker'], {
    kills: 1,
    killable: ['worker'],
    timeouts: 1,
    bound: 0,
  }),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'two workers, and one that joins',
    {
      name: 'an item that is being worked on counts as done',
      find: 'return channel.size === 0 && this.#count(channel) <= 0;',
      replace: 'return channel.size === 0;',
    },
  ],
  [
    'two workers, and one that joins',
    {
      name: 'nobody is told of the last item',
      find: '    if (channel.size === 0) this.finished.wake(this.#agent, true);',
      replace: '',
    },
  ],
  [
    'one worker, and one that joins',
    {
      name: 'an item is entered after it has left the queue',
      find: '    Atomics.add(this.#words, this.#own + TAKEN, 1);\n  }\n\n  taken(): void {}',
      replace: '  }\n\n  taken(): void {\n    Atomics.add(this.#words, this.#own + TAKEN, 1);\n  }',
    },
  ],
  [
    'a worker that is killed at any step',
    {
      name: 'the account of a dead worker stays open',
      find: '      if (id === 0 || id === this.#agent.id || !this.#agent.isDead(id)) continue;',
      replace: '      continue;',
    },
  ],
];

modelSuite('join returns when all is done, and not before', MODELS, SABOTAGE);
