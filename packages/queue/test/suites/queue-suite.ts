import { currentFamily, type MemoryKind, type WaitOptions } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import { Process, type StartMethod } from '@multiproc/process';
import {
  JoinableQueue,
  LifoQueue,
  PriorityQueue,
  Queue,
  type QueueOptions,
  SimpleQueue,
} from '@multiproc/queue';
import { Board, elapsed, eventually, timersRunBeside } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { describe, expect, it } from 'vitest';
import * as partners from '../fixtures/partners.js';

const { COUNT, GO, READY } = partners;

/** What the suite uses of a queue. */
type AnyQueue = Queue | JoinableQueue | LifoQueue | PriorityQueue;

const TYPES = { Queue, JoinableQueue, LifoQueue, PriorityQueue };

/** The two forms of each call. Priorities are equal, so a priority queue is first in, first out. */
const FORMS = {
  awaiting: {
    put: async (queue: AnyQueue, item: unknown, options: WaitOptions = {}) =>
      queue.put(item, { ...options, ...EQUAL }),
    get: async (queue: AnyQueue, options?: WaitOptions) => queue.get(options as object),
    putMany: async (queue: AnyQueue, items: unknown[], options: WaitOptions = {}) =>
      queue.putMany(items, { ...options, ...EQUAL }),
    getMany: async (queue: AnyQueue, max: number, options?: WaitOptions) =>
      queue.getMany(max, options),
  },
  blocking: {
    put: async (queue: AnyQueue, item: unknown, options: WaitOptions = {}) =>
      queue.putSync(item, { ...options, ...EQUAL }),
    get: async (queue: AnyQueue, options?: WaitOptions) => queue.getSync(options as object),
    putMany: async (queue: AnyQueue, items: unknown[], options: WaitOptions = {}) =>
      queue.putManySync(items, { ...options, ...EQUAL }),
    getMany: async (queue: AnyQueue, max: number, options?: WaitOptions) =>
      queue.getManySync(max, options),
  },
};
const EQUAL = { priority: 0 };
type Form = (typeof FORMS)['awaiting'];

const { start } = partnersOf<StartMethod, Process>(Process);

const withCode = (code: string) => expect.objectContaining({ code });

/** What every queue promises, in one memory. */
export function queueSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [type, Type] of Object.entries(TYPES)) {
    const make = (options?: QueueOptions) => new (Type as typeof Queue)(options) as AnyQueue;
    for (const [form, calls] of Object.entries(FORMS)) {
      describe(`${type}, ${form}, ${memory} memory`, () => aloneSuite(type, make, calls));
    }
  }
  for (const [form, calls] of Object.entries(FORMS)) {
    for (const startMethod of startMethods) {
      describe(`Queue, ${form}, ${memory} memory, with a partner by ${startMethod}`, () =>
        partnerSuite(calls, form === 'blocking', startMethod));
    }
  }
  for (const startMethod of startMethods) {
    describe(`SimpleQueue and JoinableQueue, ${memory} memory, by ${startMethod}`, () =>
      otherSuite(startMethod));
  }
  describe(`large data, ${memory} memory`, () => largeSuite(memory, startMethods));
}

function aloneSuite(type: string, make: (options?: QueueOptions) => AnyQueue, form: Form): void {
  const order = (items: number[]) => (type === 'LifoQueue' ? [...items].reverse() : items);

  it('counts its items exactly: 0, 1, 2, 1, 0 [42, 46]', async () => {
    const queue = make({ maxsize: 2 });
    expect([queue.qsize(), queue.empty(), queue.full()]).toEqual([0, true, false]);
    await form.put(queue, 1);
    expect([queue.qsize(), queue.empty(), queue.full()]).toEqual([1, false, false]);
    await form.put(queue, 2);
    expect([queue.qsize(), queue.empty(), queue.full()]).toEqual([2, false, true]);
    await form.get(queue);
    expect(queue.qsize()).toBe(1);
    await form.get(queue);
    expect([queue.qsize(), queue.empty(), queue.full()]).toEqual([0, true, false]);
  });

  it('gives items in its order [44]', async () => {
    const queue = make();
    const items = Array.from({ length: 700 }, (_, i) => i);
    for (const item of items) await form.put(queue, item);
    const got: unknown[] = [];
    for (const _ of items) got.push(await form.get(queue));
    expect(got).toEqual(order(items));
  });

  it('carries values of every kind, also undefined', async () => {
    const queue = make();
    const values = [undefined, null, 0, -0, 'a', 1n, new Map([[1, new Set([2])]]), new Date(5)];
    for (const value of values) {
      await form.put(queue, value);
      expect(await form.get(queue)).toEqual(value);
    }
  });

  it.each([0, -1, Number.NEGATIVE_INFINITY])('maxsize %d is no bound', (maxsize) => {
    expect(make({ maxsize }).maxsize).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses at once when it is full and must not wait, and takes no room for it [40, 41, 226]', async () => {
    const queue = make({ maxsize: 1 });
    await form.put(queue, 'only');
    for (const timeout of [0, -1]) {
      await expect(form.put(queue, 'more', { timeout })).rejects.toThrow(
        withCode('ERR_QUEUE_FULL'),
      );
    }
    expect(() => queue.putNowait(1)).toThrow(/maxsize 1/);
    expect(queue.qsize()).toBe(1);
    expect(await form.get(queue)).toBe('only');
  });

  it('waits as long as it was told, and then throws [41, 43, 49]', async () => {
    const queue = make({ maxsize: 1 });
    const get = await elapsed(() => form.get(queue, { timeout: 60 }).catch((error) => error));
    expect(get.result).toMatchObject({ code: 'ERR_QUEUE_EMPTY' });
    expect(get.milliseconds).toBeGreaterThanOrEqual(59);
    await form.put(queue, 1);
    const put = await elapsed(() => form.put(queue, 2, { timeout: 60 }).catch((error) => error));
    expect(put.result).toMatchObject({ code: 'ERR_QUEUE_FULL', count: 0 });
    expect(put.milliseconds).toBeGreaterThanOrEqual(59);
  });

  it('throws at once when it is empty and must not wait [43, 226]', async () => {
    const queue = make();
    for (const timeout of [0, -1]) {
      await expect(form.get(queue, { timeout })).rejects.toThrow(withCode('ERR_QUEUE_EMPTY'));
    }
    expect(() => queue.getNowait()).toThrow(withCode('ERR_QUEUE_EMPTY'));
    await expect(form.getMany(queue, 5, { timeout: 0 })).rejects.toThrow(
      withCode('ERR_QUEUE_EMPTY'),
    );
  });

  it('refuses what cannot travel at once, with its path, and goes on [50, 230]', async () => {
    const queue = make({ maxsize: 1 });
    const item = { list: [1, { callback: () => 1 }] };
    await expect(form.put(queue, item)).rejects.toMatchObject({
      code: 'ERR_ENCODE',
      path: 'item.list[1].callback',
    });
    await expect(form.putMany(queue, [1, Symbol('x')])).rejects.toMatchObject({
      code: 'ERR_ENCODE',
      path: 'items[1]',
    });
    expect(queue.qsize()).toBe(0);
    await form.put(queue, 'next');
    expect(await form.get(queue)).toBe('next');
  });

  it('puts and gets many at once', async () => {
    const queue = make();
    const items = Array.from({ length: 300 }, (_, i) => i);
    expect(await form.putMany(queue, items)).toBe(300);
    expect(await form.putMany(queue, [])).toBe(0);
    const got: unknown[] = [];
    while (got.length < 300) {
      const some = await form.getMany(queue, 64);
      expect(some.length).toBeLessThanOrEqual(64);
      got.push(...some);
    }
    expect(got).toEqual(order(items));
  });

  it('says how many of many went in before the time was up', async () => {
    const queue = make({ maxsize: 3 });
    await form.put(queue, 0);
    for (const timeout of [0, 30]) {
      const error = await form.putMany(queue, [1, 2, 3, 4], { timeout }).catch((e) => e);
      expect(error).toMatchObject({ code: 'ERR_QUEUE_FULL', count: timeout === 0 ? 2 : 0 });
      expect(error.message).toMatch(/items went in/);
      expect(queue.qsize()).toBe(3);
    }
  });

  it('calls of one agent keep their order, blocking or awaiting', async () => {
    const wide = make();
    const got = [wide.get(), wide.get(), wide.get()];
    for (const item of [1, 2, 3]) wide.putNowait(item, EQUAL);
    expect(() => wide.getNowait()).toThrow(withCode('ERR_QUEUE_EMPTY'));
    expect(await Promise.all(got)).toEqual(order([1, 2, 3]));

    const queue = make({ maxsize: 1 });
    queue.putNowait('a', EQUAL);
    const put = queue.put('b', EQUAL);
    expect(() => queue.putNowait('c', EQUAL)).toThrow(withCode('ERR_QUEUE_FULL'));
    expect(queue.getSync()).toBe('a');
    expect(() => queue.putNowait('c', EQUAL)).toThrow(withCode('ERR_QUEUE_FULL'));
    await put;
    expect(await form.get(queue)).toBe('b');
  });

  it('sends an item as it was when put was called, however long it waits', async () => {
    const queue = make({ maxsize: 1 });
    await form.put(queue, 'first');
    const item = { list: [1, 2], text: 'z'.repeat(100) };
    const put = queue.put(item, EQUAL);
    item.list.push(3);
    await expect(form.put(queue, 'x'.repeat(500), { timeout: 0 })).rejects.toThrow();
    expect(await form.get(queue)).toBe('first');
    await put;
    expect(await form.get(queue)).toEqual({ list: [1, 2], text: 'z'.repeat(100) });
  });

  it('a call that is aborted while it waits takes and puts nothing', async () => {
    const queue = make({ maxsize: 1 });
    const [get, put] = [new AbortController(), new AbortController()];
    const gone = queue.get({ signal: get.signal });
    get.abort(new Error('no more'));
    await expect(gone).rejects.toThrow('no more');
    await form.put(queue, 1);
    const kept = queue.put(2, { signal: put.signal, ...EQUAL });
    put.abort(new Error('neither'));
    await expect(kept).rejects.toThrow('neither');
    expect(await form.getMany(queue, 5)).toEqual([1]);
  });

  it('lets timers run in a loop that never has to wait', async () => {
    const queue = make();
    const step = () => {
      queue.putNowait(1, EQUAL);
      return queue.get();
    };
    expect(await timersRunBeside(step)).toBe(true);
  });

  it('an aborted signal is refused with its reason before anything happens', async () => {
    const queue = make();
    const reason = new Error('not wanted any more');
    const signal = AbortSignal.abort(reason);
    await expect(form.put(queue, 1, { signal })).rejects.toBe(reason);
    expect(queue.qsize()).toBe(0);
    await form.put(queue, 1);
    await expect(form.get(queue, { signal })).rejects.toBe(reason);
    expect(queue.qsize()).toBe(1);
  });

  it.each([
    ['a time-out in words', { timeout: 'soon' }, TypeError, /options\.timeout/],
    ['a time-out that is NaN', { timeout: Number.NaN }, RangeError, /options\.timeout/],
    ['a signal that is none', { signal: {} }, TypeError, /options\.signal/],
  ])('refuses %s and changes nothing', async (_, options, Type, message) => {
    const queue = make();
    for (const call of [
      () => form.put(queue, 1, options as WaitOptions),
      () => form.putMany(queue, [1], options as WaitOptions),
      () => form.get(queue, options as WaitOptions),
      () => form.getMany(queue, 1, options as WaitOptions),
    ]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Type);
      expect((error as Error).message).toMatch(message);
    }
    expect(queue.qsize()).toBe(0);
  });

  it('refuses impossible sizes', async () => {
    expect(() => make({ maxsize: 1.5 })).toThrow(RangeError);
    expect(() => make({ maxsize: Number.NaN })).toThrow(RangeError);
    expect(() => make({ maxsize: '5' as unknown as number })).toThrow(TypeError);
    const queue = make();
    await expect(form.getMany(queue, 0)).rejects.toThrow(RangeError);
    await expect(form.getMany(queue, Number.NaN)).rejects.toThrow(RangeError);
    await expect(form.getMany(queue, '1' as unknown as number)).rejects.toThrow(TypeError);
  });

  it('closes for this agent alone, twice too; what was put stays [52, 53, 227]', async () => {
    const queue = make();
    await form.put(queue, 1);
    expect(() => queue.joinThreadSync()).toThrow(withCode('ERR_QUEUE_NOT_CLOSED'));
    await expect(queue.joinThread()).rejects.toThrow(withCode('ERR_QUEUE_NOT_CLOSED'));
    queue.close();
    queue.close();
    await queue.joinThread();
    queue.joinThreadSync();
    queue.cancelJoinThread();
    await expect(form.put(queue, 2)).rejects.toThrow(withCode('ERR_QUEUE_CLOSED'));
    await expect(form.get(queue)).rejects.toThrow(withCode('ERR_QUEUE_CLOSED'));
    await expect(form.putMany(queue, [2])).rejects.toThrow(withCode('ERR_QUEUE_CLOSED'));
    await expect(form.getMany(queue, 2)).rejects.toThrow(withCode('ERR_QUEUE_CLOSED'));
    expect([queue.qsize(), queue.empty()]).toEqual([1, false]);
    for await (const item of queue) expect(item).toBe('never');
  });

  it('calls that wait are refused when this agent closes the queue, or anybody shuts it down', async () => {
    for (const [end, code] of [
      ['close', 'ERR_QUEUE_CLOSED'],
      ['shutdown', 'ERR_QUEUE_SHUT_DOWN'],
    ] as const) {
      const [empty, full] = [make(), make({ maxsize: 1 })];
      full.putNowait(1, EQUAL);
      const waiting = [
        empty.get(),
        empty.getMany(2),
        full.put(2, EQUAL),
        full.putMany([3], EQUAL as WaitOptions),
      ];
      for (const queue of [empty, full]) queue[end]();
      for (const each of waiting) await expect(each).rejects.toThrow(withCode(code));
      expect(full.qsize()).toBe(1);
    }
  });

  it('after a shutdown nothing goes in, what is there comes out, and then it says so [56]', async () => {
    const queue = make({ maxsize: 5 });
    await form.putMany(queue, [1, 2, 3]);
    queue.shutdown();
    queue.shutdown();
    await expect(form.put(queue, 4)).rejects.toThrow(withCode('ERR_QUEUE_SHUT_DOWN'));
    await expect(form.putMany(queue, [4])).rejects.toMatchObject({
      code: 'ERR_QUEUE_SHUT_DOWN',
      count: 0,
    });
    expect(await form.get(queue)).toBe(order([1, 2, 3])[0]);
    const rest: unknown[] = [];
    for await (const item of queue) rest.push(item);
    expect(rest).toEqual(order([1, 2, 3]).slice(1));
    await expect(form.get(queue)).rejects.toThrow(withCode('ERR_QUEUE_SHUT_DOWN'));
    await expect(form.getMany(queue, 2)).rejects.toThrow(withCode('ERR_QUEUE_SHUT_DOWN'));
    expect(() => queue.getNowait()).toThrow(withCode('ERR_QUEUE_SHUT_DOWN'));
  });

  it('an immediate shutdown throws away what is there [56]', async () => {
    const queue = make();
    await form.putMany(queue, [1, 2, 3]);
    queue.shutdown({ immediate: true });
    expect(queue.qsize()).toBe(0);
    await expect(form.get(queue)).rejects.toThrow(withCode('ERR_QUEUE_SHUT_DOWN'));
  });

  it('keeps shared objects in items alive, queues too [141, 183, 231]', async () => {
    const queue = make();
    const inner = new Queue<string>();
    inner.putNowait('inside');
    const lock = new Lock();
    await form.put(queue, { inner, lock });
    inner[Symbol.dispose]();
    const got = (await form.get(queue)) as { inner: Queue<string>; lock: Lock };
    expect(got.lock).toBe(lock);
    expect(got.inner.getNowait()).toBe('inside');
  });

  it('is the same object when it is found again by its handle or name', () => {
    const queue = make();
    const Type = queue.constructor as typeof Queue;
    expect(Type.from(JSON.parse(JSON.stringify(queue)))).toBe(queue);
    expect(() => Lock.from(queue.handle)).toThrow(withCode('ERR_HANDLE'));
    const name = `queue ${type} ${Math.random()}`;
    const named = make({ name, maxsize: 7 });
    expect(make({ name })).toBe(named);
    expect(make({ name }).maxsize).toBe(7);
  });

  it('cannot be disposed while it is waited for; afterwards it refuses every call', async () => {
    const queue = make({ maxsize: 1 });
    const got = queue.get();
    expect(() => queue[Symbol.dispose]()).toThrow(withCode('ERR_DISPOSED'));
    queue.putNowait(1, EQUAL);
    expect(await got).toBe(1);
    queue[Symbol.dispose]();
    queue[Symbol.dispose]();
    expect(() => queue.qsize()).toThrow(withCode('ERR_DISPOSED'));
    await expect(form.get(queue)).rejects.toThrow(withCode('ERR_DISPOSED'));
    await expect(form.put(queue, 1)).rejects.toThrow(withCode('ERR_DISPOSED'));
  });

  it('gives all its memory back', async () => {
    make()[Symbol.dispose]();
    const { arena } = currentFamily();
    const used = arena.used;
    const queue = make();
    for (let i = 0; i < 600; i++) await form.put(queue, 'x'.repeat(i));
    for (let i = 0; i < 300; i++) await form.get(queue);
    queue[Symbol.dispose]();
    expect(arena.used).toBeLessThanOrEqual(used);
  });
}

function partnerSuite(form: Form, isBlocking: boolean, startMethod: StartMethod): void {
  const putAll = isBlocking ? partners.putAll : partners.putAllAsync;
  const echo = isBlocking ? partners.echo : partners.echoAsync;
  const countAll = isBlocking ? partners.countAllSync : partners.countAll;

  it('gets what a partner puts, first in, first out, also after the partner has ended [44, 45, 240]', async () => {
    const queue = new Queue();
    await form.put(queue, 'mine');
    const items = Array.from({ length: 2000 }, (_, i) => ({ i, text: 'y'.repeat(i % 100) }));
    const partner = start(startMethod, putAll, queue, items);
    await partner.join();
    expect(partner.exitCode).toBe(0);
    expect(await form.get(queue)).toBe('mine');
    expect(await form.getMany(queue, 5000)).toEqual(items);
  });

  it('keeps up with a partner through a small queue, in both directions', async () => {
    const [there, back] = [new Queue({ maxsize: 3 }), new Queue({ maxsize: 2 })];
    const partner = start(startMethod, echo, there, back);
    for (let round = 0; round < 300; round++) {
      await form.put(there, round);
      expect(await form.get(back)).toBe(round);
    }
    await form.put(there, null);
    await partner.join();
  });

  it('waits for a partner that puts, and for one that gets', async () => {
    const [queue, board] = [new Queue({ maxsize: 1 }), new Board()];
    start(startMethod, partners.putWhenTold, queue, board, ['late']);
    await board.until(READY, 1);
    await expect(form.get(queue, { timeout: 20 })).rejects.toThrow(withCode('ERR_QUEUE_EMPTY'));
    board.set(GO, 1);
    expect(await form.get(queue, { timeout: 20_000 })).toBe('late');

    const other = new Board();
    await form.put(queue, 1);
    start(startMethod, partners.getWhenTold, queue, other);
    await other.until(READY, 1);
    await expect(form.put(queue, 2, { timeout: 20 })).rejects.toThrow(withCode('ERR_QUEUE_FULL'));
    other.set(GO, 1);
    await form.put(queue, 2, { timeout: 20_000 });
  });

  it('a shutdown ends the loops of all consumers, wherever they wait [56]', async () => {
    const [queue, board] = [new Queue(), new Board()];
    const crowd = [1, 2, 3].map(() => start(startMethod, countAll, queue, board));
    await board.until(READY, 3);
    await form.putMany(queue, Array(500).fill('task'));
    queue.shutdown();
    for (const each of crowd) await each.join();
    expect(crowd.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(board.get(COUNT)).toBe(500);
  });

  it.each(['kill', 'terminate'] as const)(
    'a consumer that ends by %s() while it waits blocks nobody [243]',
    async (method) => {
      const [queue, board] = [new Queue(), new Board()];
      const partner = start(startMethod, partners.getForEver, queue, board);
      await board.until(READY, 1);
      partner[method]();
      await partner.join();
      await form.put(queue, 'for the living');
      expect(await form.get(queue, { timeout: 20_000 })).toBe('for the living');
    },
  );

  it('what a producer put is there when it was killed right after', async () => {
    // Bounded: else it might fill the memory before it is killed.
    const [queue, board] = [new Queue({ maxsize: 50 }), new Board()];
    const partner = start(startMethod, partners.fill, queue, board);
    await board.until(COUNT, 3);
    partner.kill();
    await partner.join();
    const put = board.get(COUNT);
    expect(queue.qsize()).toBeGreaterThanOrEqual(put);
    expect(queue.qsize()).toBeLessThanOrEqual(put + 1);
    expect((await form.getMany(queue, put)).length).toBe(put);
    queue[Symbol.dispose]();
  });

  it('an item that cannot be decoded is an error with its bytes, and the queue goes on', async () => {
    const queue = new Queue();
    const partner = start(startMethod, partners.putUnknown, queue);
    await partner.join();
    expect(partner.exitCode).toBe(0);
    const error = await form.get(queue).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_DECODE' });
    expect((error as { bytes: Uint8Array }).bytes.length).toBeGreaterThan(10);
    expect(await form.get(queue)).toBe('after it');
    const batch = await form.getMany(queue, 10).catch((thrown: unknown) => thrown);
    expect(batch).toMatchObject({ code: 'ERR_DECODE', items: ['before', 'behind'] });
    expect(queue.qsize()).toBe(0);
  });

  it('an object that only an item refers to outlives its maker', async () => {
    const queue = new Queue();
    const partner = start(startMethod, partners.putLock, queue);
    await partner.join();
    const [lock, same] = (await form.get(queue)) as [Lock, Queue];
    expect(same).toBe(queue);
    expect(lock.locked()).toBe(false);
  });
}

function otherSuite(startMethod: StartMethod): void {
  it('SimpleQueue: empty() follows what a partner does; close twice; then it refuses [54, 55, 229]', async () => {
    const [there, back] = [new SimpleQueue(), new SimpleQueue()];
    expect(there.empty()).toBe(true);
    const partner = start(startMethod, partners.echo, there, back);
    there.putSync(['a', 1]);
    expect(await back.get()).toEqual(['a', 1]);
    expect([there.empty(), back.empty()]).toEqual([true, true]);
    await there.put(null);
    await partner.join();
    await back.put('stays');
    expect(back.empty()).toBe(false);
    expect(back.getSync({ timeout: 0 })).toBe('stays');
    await expect(back.get({ timeout: 0 })).rejects.toThrow(withCode('ERR_QUEUE_EMPTY'));
    await expect(back.put(() => 1)).rejects.toThrow(withCode('ERR_ENCODE'));
    back.close();
    back.close();
    expect(() => back.empty()).toThrow(withCode('ERR_QUEUE_CLOSED'));
    expect(() => back.putSync(1)).toThrow(withCode('ERR_QUEUE_CLOSED'));
    expect(() => back.getSync()).toThrow(withCode('ERR_QUEUE_CLOSED'));
    expect(SimpleQueue.from(back.handle)).toBe(back);
  });

  it('join waits until all items of all workers are done [47]', async () => {
    const [queue, board] = [new JoinableQueue<number>(), new Board()];
    for (let i = 0; i < 4; i++) start(startMethod, partners.work, queue, board);
    expect(queue.joinSync()).toBe(true);
    for (let i = 0; i < 100; i++) queue.putNowait(i);
    await queue.join();
    expect(board.get(COUNT)).toBe(100);
    expect(queue.qsize()).toBe(0);
    queue.putNowait(1);
    expect(queue.joinSync({ timeout: 20_000 })).toBe(true);
    expect(board.get(COUNT)).toBe(101);
  });

  it('taskDone more often than put is refused, by whomever [228]', async () => {
    const queue = new JoinableQueue<number>();
    expect(() => queue.taskDone()).toThrow(withCode('ERR_TASK_DONE_TOO_OFTEN'));
    queue.putNowait(1);
    expect(queue.joinSync({ timeout: 10 })).toBe(false);
    queue.getNowait();
    expect(await queue.join({ timeout: 10 })).toBe(false);
    queue.taskDone();
    expect(queue.joinSync({ timeout: 0 })).toBe(true);
    expect(() => queue.taskDone()).toThrow(withCode('ERR_TASK_DONE_TOO_OFTEN'));
  });

  it.each(['kill', 'terminate'] as const)(
    'a worker that ends by %s() with items that are not done does not hang join',
    async (method) => {
      const warnings: string[] = [];
      const listen = (warning: Error & { code?: string }) => {
        if (warning.code === 'MULTIPROC_TASK_ABANDONED') warnings.push(warning.message);
      };
      process.on('warning', listen);
      const [queue, board] = [new JoinableQueue<number>(), new Board()];
      for (let i = 0; i < 5; i++) queue.putNowait(i);
      const partner = start(startMethod, partners.workAndDie, queue, board, 3);
      await board.until(READY, 1);
      expect(queue.joinSync({ timeout: 20 })).toBe(false);
      const joined = queue.join({ timeout: 20_000 });
      queue.getNowait();
      queue.getNowait();
      queue.taskDone();
      partner[method]();
      await partner.join();
      expect(await Promise.race([joined, Promise.resolve('waits')])).toBe('waits');
      queue.taskDone();
      expect(await joined).toBe(true);
      await eventually(() => warnings.length > 0, 20_000, 'the warning has been emitted');
      expect(warnings).toEqual([expect.stringContaining('3 items')]);
      process.off('warning', listen);
    },
  );
}

function largeSuite(memory: MemoryKind, startMethods: StartMethod[]): void {
  const large = () => new Float64Array(100_000).map((_, i) => i / 3);

  it.each([0, 1, 55, 56, 57, 4096, 65_535, 65_536, 2 ** 20, 2 ** 26])(
    'carries %d bytes',
    (length) => {
      const queue = new Queue<Uint8Array>();
      const bytes = new Uint8Array(length).map((_, i) => i * 31);
      queue.putSync(bytes);
      expect(Buffer.compare(queue.getSync(), bytes)).toBe(0);
      queue[Symbol.dispose]();
    },
  );

  it('get gives data that belong to the caller', () => {
    const queue = new Queue<Float64Array>();
    const data = large();
    queue.putSync(data);
    const got = queue.getSync();
    expect(Buffer.compare(new Uint8Array(got.buffer), new Uint8Array(data.buffer))).toBe(0);
    queue.putSync(new Float64Array(100_000));
    expect(got[1]).toBe(1 / 3);
  });

  it(`view: true ${memory === 'process' ? 'shares the data until it is released' : 'gives a copy'}`, async () => {
    const queue = new Queue<{ data: Float64Array; name: string }>();
    const { arena } = currentFamily();
    const isShared = memory === 'process';
    queue.putNowait({ data: large(), name: 'first' });
    const filled = arena.used;
    const view = await queue.get({ view: true });
    expect(view.isShared).toBe(isShared);
    expect(view.value.name).toBe('first');
    const { data } = view.value;
    expect([data.length, data[1], data[99_999]]).toEqual([100_000, 1 / 3, 33_333]);
    expect(data.buffer.byteLength).toBe(800_000);
    expect(structuredClone(data.subarray(0, 2)).buffer.byteLength).toBe(800_000);
    // Read again: what earlier tests have left may have been collected during the wait.
    const held = isShared ? arena.used : filled;
    view.release();
    view[Symbol.dispose]();
    expect(data.length).toBe(isShared ? 0 : 100_000);
    expect(arena.used).toBeLessThan(held - 800_000);
  });

  it('a view of what is small or has no binary data is a copy', () => {
    const queue = new Queue<unknown>();
    queue.putSync('x'.repeat(100_000));
    queue.putSync(new Uint8Array(1000));
    for (let i = 0; i < 2; i++) expect(queue.getSync({ view: true }).isShared).toBe(false);
  });

  it('views that nobody releases become copies, and hang nobody', () => {
    const { arena } = currentFamily();
    const queue = new Queue<Uint8Array>();
    const part = Math.floor(arena.capacity / 40);
    const data = new Uint8Array(part);
    const views = Array.from({ length: 12 }, () => {
      queue.putSync(data, { timeout: 20_000 });
      return queue.getSync({ view: true });
    });
    const shared = views.filter((view) => view.isShared);
    expect(shared.length).toBe(memory === 'process' ? 9 : 0);
    expect(views.every((view) => view.value.length === part)).toBe(true);
    for (const view of views) view.release();
    queue[Symbol.dispose]();
  });

  it('one queue fills three quarters of the memory at the most, and says so', async () => {
    const { arena } = currentFamily();
    const queue = new Queue<Uint8Array>();
    const data = new Uint8Array(2 ** 24);
    expect(() => {
      for (;;) queue.putNowait(data);
    }).toThrow(/family's memory/);
    const count = queue.qsize();
    expect(count * data.length).toBeLessThanOrEqual(arena.capacity * 0.75);
    expect(count * data.length).toBeGreaterThan(arena.capacity * 0.7);
    expect(new Lock().locked()).toBe(false);
    const waiting = queue.put(data);
    expect(queue.getSync().length).toBe(data.length);
    await waiting;
    expect(queue.qsize()).toBe(count);
    await expect(queue.put(new Uint8Array(arena.capacity * 0.76))).rejects.toThrow(
      withCode('ERR_ARENA_FULL'),
    );
    queue[Symbol.dispose]();
  });

  for (const startMethod of startMethods) {
    it(`what a partner by ${startMethod} had lent is given back when it is killed`, async () => {
      const { arena } = currentFamily();
      const [queue, board] = [new Queue<Float64Array>(), new Board()];
      const used = arena.used;
      for (let i = 0; i < 5; i++) queue.putNowait(large());
      const partner = start(startMethod, partners.keepViews, queue, board, 5);
      await board.until(READY, 1);
      expect(board.get(COUNT)).toBe(memory === 'process' ? 5 : 0);
      partner.kill();
      await partner.join();
      await eventually(() => arena.used - used < 100_000, 20_000, 'the memory is free');
    });
  }
}
