import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import { CHANNEL, COUNTS, init, TAKEN, WORDS } from './fixtures/channel-layout.js';

const labels = {
  [CHANNEL]: 'SEGMENTS',
  [CHANNEL + 1]: 'STATE',
  [CHANNEL + 2]: 'HEAD_SEGMENT',
  [CHANNEL + 16]: 'PUT_LOCK',
  [CHANNEL + 21]: 'TAIL',
  [CHANNEL + 22]: 'TAIL_SEGMENT',
  [CHANNEL + 32]: 'TAKE_LOCK',
  [CHANNEL + 37]: 'HEAD',
  [CHANNEL + 48]: 'ITEMS',
  [CHANNEL + 50]: 'ROOM',
};

function model(agents: string[], options: Partial<Model> = {}): Model {
  return {
    module: new URL('./fixtures/channel-agents.js', import.meta.url),
    subject: new URL('./fixtures/channel-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init,
    maxSteps: 3000,
    ...options,
  };
}

/** What was taken, ascending; as often as it was. */
function valuesIn(words: Int32Array): number[] {
  const counts = [...words.subarray(TAKEN, TAKEN + COUNTS)];
  return counts.flatMap((count, index) => Array(count).fill(index > 30 ? index + 70 : index));
}

/** Each of these was taken once, and nothing else. */
function allOf(...values: number[]): Partial<Model> {
  return { check: (words) => expect(valuesIn(words)).toEqual(values) };
}

/** Nothing else and nothing twice, and all but so many. */
function allBut(count: number, ...values: number[]): Partial<Model> {
  return {
    check: (words) => {
      const taken = valuesIn(words);
      expect(values.filter((value) => taken.includes(value))).toEqual(taken);
      expect(taken.length).toBeGreaterThanOrEqual(values.length - count);
    },
  };
}

const MODELS = {
  'two producers and a consumer': model(['putter', 'putter', 'two'], allOf(1, 11)),
  'a producer and two consumers': model(['producer', 'one', 'one'], allOf(1, 2)),
  'a producer that uses a segment again, and two consumers': model(['mixer', 'one', 'two'], {
    ...allOf(2, 3, 101),
    bound: 1,
  }),
  'a producer that uses a segment again, and a consumer': model(
    ['mixer', 'three'],
    allOf(2, 3, 101),
  ),
  'a blocking and an awaiting consumer': model(['producer', 'one', 'oneAsync'], {
    ...allOf(1, 2),
    bound: 1,
  }),
  'two producers with room for one value': model(['squeezer', 'squeezedOne', 'three'], {
    ...allOf(1, 2, 11),
    bound: 1,
  }),
  'a producer with room for one value and two consumers': model(['squeezer', 'one', 'one'], {
    ...allOf(1, 2),
    bound: 1,
  }),
  'an end while two consumers wait': model(['ender', 'drainer', 'drainer'], {
    ...allOf(7),
    bound: 1,
  }),
  'a producer that is killed at any step': model(['mixer', 'sender', 'heir'], {
    ...allBut(3, 2, 3, 101, 111),
    kills: 1,
    killable: ['mixer'],
    timeouts: 1,
    bound: 0,
  }),
  'a consumer that is killed at any step': model(['mixer', 'two', 'heir'], {
    ...allBut(1, 2, 3, 101),
    kills: 1,
    killable: ['two'],
    timeouts: 1,
    bound: 0,
  }),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'a producer and two consumers',
    {
      name: 'a consumer does not look again once it has the lock',
      find: 'return this.#isEmpty() ? undefined : this.#takeNext();',
      replace: 'return this.#takeNext();',
    },
  ],
  [
    'two producers and a consumer',
    {
      name: 'a value is published before it is written',
      find: '    const segment = this.#tailSegment(tail);',
      replace:
        '    this.#store(CHANNEL.TAIL, (tail + 1) | 0);\n' +
        '    void this.#load(CHANNEL.HEAD);\n' +
        '    const segment = this.#tailSegment(tail);',
    },
  ],
  [
    'two producers and a consumer',
    {
      name: 'put wakes nobody',
      find: '    this.items.wake(this.#agent, false);\n    return true;',
      replace: '    return true;',
    },
  ],
  [
    'a producer with room for one value and two consumers',
    {
      name: 'take wakes nobody',
      find: '    if (taken) this.room.wake(this.#agent, false);',
      replace: '',
    },
  ],
  [
    'two producers with room for one value',
    {
      name: 'a producer does not look again once it has the lock',
      find: '    if (!this.#hasRoom(limit)) return false;\n    const words = this.#words;',
      replace: '    const words = this.#words;',
    },
  ],
  [
    'a producer that uses a segment again, and a consumer',
    {
      name: 'a taken block stays in its slot',
      find: '    if (payload !== 0) words[slot + SLOT.OWNED] = 0;',
      replace: '',
    },
  ],
  [
    'a producer that uses a segment again, and a consumer',
    {
      name: 'a producer uses the segment again that is being read',
      find: 'if (used !== 0 && used !== head && unlinkFirst',
      replace: 'if (used !== 0 && unlinkFirst',
    },
  ],
  [
    'a producer that is killed at any step',
    {
      name: 'what a dead producer left in the slot is taken for the next value',
      find: '    if (words[slot + SLOT.OWNED] !== 0) clearSlot(this.#arena, slot);',
      replace: '',
    },
  ],
  [
    'a producer that is killed at any step',
    {
      name: 'a segment counts as the last one before it is linked',
      find: '      Atomics.store(this.#words, segment + LINK, (next * 4) | OWNED.BRANCH);',
      replace:
        '      this.#store(CHANNEL.TAIL_SEGMENT, next);\n' +
        '      Atomics.store(this.#words, segment + LINK, (next * 4) | OWNED.BRANCH);',
    },
  ],
  [
    'a consumer that is killed at any step',
    {
      name: 'a dead consumer keeps its lock',
      find: '(thorough && this.#owners.isDead(id))',
      replace: 'false',
    },
  ],
];

modelSuite('nothing is lost, doubled or torn, and nobody hangs', MODELS, SABOTAGE);
