import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { FREED, init, POINTER, WORDS } from './fixtures/epochs-layout.js';

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/epochs-agents.js', import.meta.url),
    subject: new URL('./fixtures/epochs-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels: { 32: 'EPOCH', [POINTER]: 'POINTER', [FREED]: 'FREED' },
    init,
    ...options,
  };
}

/** Whoever unlinked last has nobody to wait for at the end, or found a reader. */
const freed = (least: number): Partial<Model> => ({
  check: (words) => expect(words[FREED]).toBeGreaterThanOrEqual(least),
});

const MODELS = {
  'a reader and two writers': model(['reader', 'writer', 'writer']),
  'two readers and a writer': model(['reader', 'reader', 'twice']),
  'a reader inside a reading, and two writers': model(['nester', 'writer', 'twice']),
  'writers without a reader free all': model(['writer', 'twice'], freed(3)),
  'a reader that died holds nobody up': model(['dyingReader', 'thoroughWriter', 'thoroughWriter'], {
    check: (words) => expect(words[FREED]).toBe(2),
  }),
  'a place without a tenant holds nobody up': model(['writer', 'writer'], {
    init: (words) => {
      init(words);
      const place = 1088 + 2 * 64;
      words[place + 2] = 0;
      words[place + 22] = 99;
      words[8] = 3;
    },
    check: (words) => expect(words[FREED]).toBe(2),
  }),
} satisfies Record<string, Model>;

const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'a reader and two writers',
    { name: 'a block waits for one epoch', find: 'const WAIT = 2;', replace: 'const WAIT = 1;' },
  ],
  [
    'a reader and two writers',
    {
      name: 'a reader does not pin',
      find: 'Atomics.store(this.#words, this.#pinned, pinned(this.#words[HEADER.EPOCH] as number));',
      replace: '',
    },
  ],
  [
    'a reader and two writers',
    {
      name: 'readers that are behind do not count',
      find: 'word !== 0 && word !== current && this.#mayRead(place, thorough)',
      replace: 'word < 0 && this.#mayRead(place, thorough)',
    },
  ],
  [
    'a reader inside a reading, and two writers',
    {
      name: 'the inner reading unpins',
      find: 'if (--this.#depth === 0) Atomics',
      replace: 'this.#depth--; Atomics',
    },
  ],
  [
    'two readers and a writer',
    {
      name: 'only the first place is looked at',
      find: 'place < high; place++',
      replace: 'place < 1; place++',
    },
  ],
  [
    'writers without a reader free all',
    {
      name: 'a reader stays pinned',
      find: 'Atomics.store(this.#words, this.#pinned, 0);',
      replace: 'void 0;',
    },
    { agents: ['reader', 'writer', 'twice'], bound: 0 },
  ],
  [
    'a reader that died holds nobody up',
    {
      name: 'nobody looks whether a reader has died',
      find: '(thorough && this.#table.isDead(id))',
      replace: '(thorough && id < 0)',
    },
  ],
  [
    'a place without a tenant holds nobody up',
    { name: 'a place without a tenant counts', find: 'id !== 0 && ', replace: '' },
  ],
];

modelSuite('nothing is freed while it is read', MODELS, SABOTAGE);
