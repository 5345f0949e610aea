import { isMultiprocError } from '@multiproc/core';
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from '@multiproc/queue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** What a queue should do, on a plain array: where an item goes in, and that it comes out first. */
interface Plain {
  readonly items: { value: unknown; priority: number }[];
  readonly maxsize: number;
  insert(value: unknown, priority: number): void;
}

function plain(maxsize: number, positionOf: (items: Plain['items'], priority: number) => number) {
  const items: Plain['items'] = [];
  return {
    items,
    maxsize,
    insert: (value: unknown, priority: number) =>
      void items.splice(positionOf(items, priority), 0, { value, priority }),
  };
}

const KINDS = {
  Queue: {
    make: (maxsize: number) => new Queue({ maxsize }),
    plain: (maxsize: number) => plain(maxsize, (items) => items.length),
  },
  LifoQueue: {
    make: (maxsize: number) => new LifoQueue({ maxsize }),
    plain: (maxsize: number) => plain(maxsize, () => 0),
  },
  PriorityQueue: {
    make: (maxsize: number) => new PriorityQueue({ maxsize }),
    plain: (maxsize: number) =>
      plain(maxsize, (items, priority) => {
        const position = items.findIndex((item) => item.priority > priority);
        return position < 0 ? items.length : position;
      }),
  },
};

type Real = Queue | LifoQueue | PriorityQueue;

/** Runs a call and gives its result, or the code of its error. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (isMultiprocError(error)) return error.code;
    throw error;
  }
}

class Put implements fc.Command<Plain, Real> {
  readonly value: unknown;
  readonly priority: number;
  constructor(value: unknown, priority: number) {
    this.value = value;
    this.priority = priority;
  }
  check(): boolean {
    return true;
  }
  run(model: Plain, real: Real): void {
    const put = () => real.putSync(this.value, { priority: this.priority, timeout: 0 } as object);
    const isFull = model.items.length >= model.maxsize;
    if (!isFull) model.insert(this.value, this.priority);
    expect(outcome(put)).toBe(isFull ? 'ERR_QUEUE_FULL' : undefined);
    expect(real.qsize()).toBe(model.items.length);
  }
  toString(): string {
    return `put(${fc.stringify(this.value)}, ${this.priority})`;
  }
}

class Get implements fc.Command<Plain, Real> {
  check(): boolean {
    return true;
  }
  run(model: Plain, real: Real): void {
    const next = model.items.shift();
    expect(outcome(() => real.getNowait())).toEqual(next ? next.value : 'ERR_QUEUE_EMPTY');
    expect(real.empty()).toBe(model.items.length === 0);
  }
  toString(): string {
    return 'get()';
  }
}

class PutMany implements fc.Command<Plain, Real> {
  readonly values: unknown[];
  constructor(values: unknown[]) {
    this.values = values;
  }
  check(): boolean {
    return true;
  }
  run(model: Plain, real: Real): void {
    const fitting = this.values.slice(0, model.maxsize - model.items.length);
    for (const value of fitting) model.insert(value, 0);
    const put = () => real.putManySync(this.values, { priority: 0, timeout: 0 } as object);
    const isFull = fitting.length < this.values.length;
    expect(outcome(put)).toBe(isFull ? 'ERR_QUEUE_FULL' : this.values.length);
    expect(real.full()).toBe(model.items.length >= model.maxsize);
  }
  toString(): string {
    return `putMany(${fc.stringify(this.values)})`;
  }
}

class GetMany implements fc.Command<Plain, Real> {
  readonly max: number;
  constructor(max: number) {
    this.max = max;
  }
  check(): boolean {
    return true;
  }
  run(model: Plain, real: Real): void {
    const some = model.items.splice(0, this.max).map(({ value }) => value);
    const got = outcome(() => real.getManySync(this.max, { timeout: 0 }));
    expect(got).toEqual(some.length > 0 ? some : 'ERR_QUEUE_EMPTY');
  }
  toString(): string {
    return `getMany(${this.max})`;
  }
}

const value = fc.oneof(
  fc.integer(),
  fc.string({ maxLength: 100 }),
  fc.record({ id: fc.nat(), tags: fc.array(fc.string({ maxLength: 5 }), { maxLength: 20 }) }),
  fc.uint8Array({ maxLength: 300 }),
);

const commands = fc.commands(
  [
    fc.tuple(value, fc.integer({ min: -3, max: 3 })).map((args) => new Put(...args)),
    fc.constant(new Get()),
    fc.array(value, { maxLength: 40 }).map((values) => new PutMany(values)),
    fc.integer({ min: 1, max: 50 }).map((max) => new GetMany(max)),
  ],
  { maxCommands: 60, size: 'max' },
);

describe('does what a plain array would', () => {
  for (const [name, { make, plain: makePlain }] of Object.entries(KINDS)) {
    it(name, () => {
      fc.assert(
        fc.property(commands, fc.constantFrom(0, 1, 2, 7, 30), (calls, maxsize) => {
          const real = make(maxsize);
          const setup = () => ({
            model: makePlain(maxsize === 0 ? Number.POSITIVE_INFINITY : maxsize),
            real: real as Real,
          });
          fc.modelRun(setup, calls);
          real[Symbol.dispose]();
        }),
        { numRuns: 60 },
      );
    });
  }
});

describe('PriorityQueue', () => {
  it('gives the lowest number first, and the oldest of equal ones', () => {
    const queue = new PriorityQueue<string>();
    const put = (item: string, priority: number) => queue.putNowait(item, { priority });
    put('b1', 2);
    put('a1', 1);
    put('b2', 2);
    put('first', Number.NEGATIVE_INFINITY);
    put('last', Number.POSITIVE_INFINITY);
    put('a2', 1);
    put('b3', 2);
    expect(queue.getManySync(10)).toEqual(['first', 'a1', 'a2', 'b1', 'b2', 'b3', 'last']);
  });

  it('takes the priority from a number, or from the first element of an array', async () => {
    const queue = new PriorityQueue<unknown>();
    await queue.put(5);
    await queue.put([3, 'three']);
    await queue.putMany([4, [1, { x: 1 }]]);
    queue.putSync(9, { priority: 2 });
    expect(await queue.getMany(9)).toEqual([[1, { x: 1 }], 9, [3, 'three'], 4, 5]);
  });

  it.each([
    ['an item without a number', { a: 1 }, {}],
    ['a priority in words', 1, { priority: 'high' }],
    ['a priority that is NaN', 1, { priority: Number.NaN }],
  ])('refuses %s and changes nothing', async (_, item, options) => {
    const queue = new PriorityQueue<unknown>();
    expect(() => queue.putSync(item, options as object)).toThrow(/options\.priority/);
    await expect(queue.put(item, options as object)).rejects.toThrow(/options\.priority/);
    expect(queue.qsize()).toBe(0);
  });
});

describe('what is shown', () => {
  it('is the size and whether the queue was shut down', async () => {
    const { inspect } = await import('node:util');
    const queue = new Queue({ maxsize: 3 });
    queue.putNowait(1);
    expect(inspect(queue)).toMatch(/^Queue \{ size: 1, offset: \d+/);
    queue.shutdown();
    expect(inspect(queue)).toMatch(/size: 1, shut down/);
    expect(inspect(new SimpleQueue())).toMatch(/^SimpleQueue \{ size: 0/);
  });
});
