import type { Model } from '@multiproc/testing';
import { fillAgentTable } from '@multiproc/testing/model';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import * as at from './fixtures/lane-layout.js';

interface Expected {
  /** How often each task was begun. */
  begun: number[];
  /** How often the result of each has come. */
  results: number[];
  /** Payloads that nobody has freed. */
  left?: number;
}

function facts(words: Int32Array): Required<Expected> {
  const list = (from: number) => [...words.subarray(from, from + 4)];
  const freed = (words[at.FREED] as number).toString(2).replaceAll('0', '').length;
  return {
    begun: list(at.BEGUN),
    results: list(at.RESULTS),
    left: (words[at.NEXT_BLOCK] as number) - freed,
  };
}

function model(agents: string[], options: Partial<Model>): Model {
  return {
    module: new URL('./fixtures/lane-agents.js', import.meta.url),
    subject: new URL('./fixtures/lane-subject.ts', import.meta.url),
    agents,
    words: at.WORDS,
    init: (words) => fillAgentTable(words, at.AGENTS),
    maxSteps: 3000,
    ...options,
  };
}

/** Everything was done once, and nothing is left. */
function allDone(...tasks: number[]): Partial<Model> {
  const once = [0, 1, 2, 3].map((task) => (tasks.includes(task) ? 1 : 0));
  return {
    check: (words) => {
      expect(facts(words)).toEqual({ begun: once, results: once, left: 0 });
    },
  };
}

const MODELS = {
  'two tasks for one of two workers': model(['ownerOfTwo', 'worker', 'worker'], {
    ...allDone(0, 1),
    bound: 1,
  }),
  'workers that are told to end while they have tasks': model(
    ['ownerThatCloses', 'worker', 'worker'],
    { ...allDone(0, 1), bound: 1 },
  ),
  'a task that may be taken back': model(['ownerThatTakesBack', 'worker'], {
    check: (words) => {
      const { begun, results, left } = facts(words);
      expect(begun[1]).toBeLessThanOrEqual(1);
      expect([results, left]).toEqual([begun, 0]);
    },
  }),
  'a task that goes to another worker, and its slot that is used again': model(
    ['ownerThatRecalls', 'worker', 'worker'],
    {
      bound: 1,
      check: (words) => {
        const { begun, results, left } = facts(words);
        expect(begun.slice(0, 2)).toEqual([1, 1]);
        expect([results, left]).toEqual([begun, 0]);
      },
    },
  ),
  'progress before the result': model(['ownerThatListens', 'reportingWorker'], allDone(0)),
  'a task that is asked to stop': model(['ownerThatCancels', 'obedientWorker'], {
    check: (words) => {
      expect(facts(words)).toEqual({ begun: [0, 1, 0, 0], results: [0, 1, 0, 0], left: 0 });
      expect(words[at.STOPPED]).toBe(1);
    },
  }),
  'a worker that is killed at any step': model(['watchfulOwner', 'mortalWorker', 'worker'], {
    kills: 1,
    killable: ['mortalWorker'],
    timeouts: 1,
    bound: 0,
    check: (words) => {
      const { begun, results, left } = facts(words);
      for (const task of [1, 3]) {
        const lost = words[at.LOSSES + task] as number;
        expect((results[task] as number) + lost).toBe(1);
        expect(begun[task] as number).toBeLessThanOrEqual(1);
        expect(begun[task] as number).toBeGreaterThanOrEqual(results[task] as number);
      }
      // At worst the one that the dead worker was about to read or to hand over.
      expect(left).toBeLessThanOrEqual(1);
    },
  }),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'two tasks for one of two workers',
    {
      name: 'the owner wakes nobody',
      find: '    this.lane.work.wake(this.lane.agent, false);',
      replace: '',
    },
  ],
  [
    'two tasks for one of two workers',
    {
      name: 'a task is announced before it may be begun',
      find: '    Atomics.store(words, lane.slotAt(slot, SLOT.STATE), (ticket << STATE_BITS) | STATE.QUEUED);',
      replace:
        '    Atomics.store(words, lane.at(LANE.ORDER_TAIL), (this.#orderTail + 1) | 0);\n' +
        '    Atomics.store(words, lane.slotAt(slot, SLOT.STATE), (ticket << STATE_BITS) | STATE.QUEUED);',
    },
  ],
  [
    'two tasks for one of two workers',
    {
      name: 'the end of a task is announced before it has ended',
      find: '    const running = words[state] as number;\n',
      replace:
        '    const running = words[state] as number;\n' +
        '    Atomics.store(words, lane.at(LANE.DONE_TAIL), (this.#doneTail + 1) | 0);\n',
    },
  ],
  [
    'workers that are told to end while they have tasks',
    {
      name: 'a worker that is told to end is not woken',
      find: '    Atomics.store(this.#words, this.lane.at(LANE.CONTROL), word);\n    this.wake();',
      replace: '    Atomics.store(this.#words, this.lane.at(LANE.CONTROL), word);',
    },
  ],
  [
    'a task that may be taken back',
    {
      name: 'a task is taken back that may have been begun meanwhile',
      find: 'return Atomics.compareExchange(this.#words, index, queued, STATE.FREE) === queued;',
      replace:
        'if (Atomics.load(this.#words, index) !== queued) return false;\n' +
        '    return Atomics.exchange(this.#words, index, STATE.FREE) !== -1;',
    },
  ],
  [
    'a task that may be taken back',
    {
      name: 'a task is begun that may have been taken back meanwhile',
      find: 'const isMine = Atomics.compareExchange(words, state, queued, running) === queued;',
      replace:
        'const isMine = Atomics.load(words, state) === queued;\n' +
        '      if (isMine) Atomics.store(words, state, running);',
    },
  ],
  [
    'a task that goes to another worker, and its slot that is used again',
    {
      name: 'arguments that were taken back are left in the slot',
      find: 'const payload = this.lane.disown(OWNED_WORDS.ARGUMENTS + slot);\n    return',
      replace: 'const payload = this.lane.owned(OWNED_WORDS.ARGUMENTS + slot);\n    return',
    },
  ],
  [
    'progress before the result',
    {
      name: 'a progress value is announced before it is there',
      find: '    lane.own(OWNED_WORDS.PROGRESS + position, encoded);\n',
      replace:
        '    Atomics.store(words, lane.at(LANE.PROGRESS_TAIL), (tail + 1) | 0);\n' +
        '    lane.own(OWNED_WORDS.PROGRESS + position, encoded);\n',
    },
  ],
  [
    'a task that is asked to stop',
    {
      name: 'the news of a cancellation comes before its reason',
      find: '    Atomics.store(this.#words, this.lane.slotAt(slot, SLOT.CANCEL), reason);\n',
      replace:
        '    Atomics.add(this.#words, this.lane.at(LANE.CANCELS), 1);\n' +
        '    Atomics.store(this.#words, this.lane.slotAt(slot, SLOT.CANCEL), reason);\n',
    },
  ],
  [
    'a worker that is killed at any step',
    {
      name: 'a task counts as done before its result is in place',
      find: '    } else {\n      lane.own(OWNED_WORDS.RESULTS + slot, encoded);',
      replace:
        '    } else {\n' +
        '      const state = lane.slotAt(slot, SLOT.STATE);\n' +
        '      Atomics.add(words, state, STATE.DONE - STATE.RUNNING);\n' +
        '      lane.own(OWNED_WORDS.RESULTS + slot, encoded);',
    },
  ],
];

modelSuite('each task is begun once and settled once', MODELS, SABOTAGE);
