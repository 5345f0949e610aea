import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { BINDING, BOUND, ENDED, WORDS } from './fixtures/native-gate-agents.js';

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/native-gate-agents.js', import.meta.url),
    subject: new URL('./fixtures/native-gate-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels: { [ENDED]: 'ENDED', [BINDING]: 'BINDING', [BOUND]: 'BOUND' },
    timeouts: 1,
    ...options,
  };
}

const MODELS = {
  'a worker, one below it, and one who ends the first': model(['worker', 'below', 'ender']),
  'two workers and a main thread that exits': model(['worker', 'below', 'exiter']),
  'a worker whose word was that of one that was ended': model(['successor', 'successor'], {
    init: (words) => {
      words[1] = 1;
    },
    check: (words) => expect(words[BOUND]).toBe(2),
  }),
} satisfies Record<string, Model>;

const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'a worker, one below it, and one who ends the first',
    {
      name: 'a doomed worker enters',
      find: 'else if ((value & DOOMED) === 0 || left <= 0) {',
      replace: 'else if (left < Infinity) {',
    },
  ],
  [
    'a worker, one below it, and one who ends the first',
    {
      name: 'nobody waits for those who are inside',
      find: '    while ((word & INSIDE) !== 0) {',
      replace: '    while (false) {',
    },
  ],
  [
    'a worker, one below it, and one who ends the first',
    {
      name: 'a worker looks only at its own word',
      find: 'for (const thread of this.#line) this.#enter',
      replace: 'for (const thread of this.#line.slice(0, 1)) this.#enter',
    },
  ],
  [
    'two workers and a main thread that exits',
    {
      name: 'a worker looks only at its own word',
      find: 'for (const thread of this.#line) this.#enter',
      replace: 'for (const thread of this.#line.slice(0, 1)) this.#enter',
    },
  ],
  [
    'a worker whose word was that of one that was ended',
    {
      name: 'a word speaks of everybody who shares it',
      find: '=== round ? value : round;',
      replace: '>= 0 ? value : round;',
    },
  ],
];

modelSuite('no worker is ended while it binds', MODELS, SABOTAGE);
