import { readdirSync } from 'node:fs';
import {
  asCompleted,
  BrokenProcessPoolError,
  BrokenThreadPoolError,
  type ExecutorOptions,
  type Future,
  ProcessPoolExecutor,
  type ThreadPoolExecutor,
  wait,
} from '@multiproc/executor';
import { Board, within } from '@multiproc/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { squareElsewhere } from '../fixtures/nested.js';
import * as tasks from '../fixtures/tasks.js';
import { half, repeat } from '../fixtures/typed.js';
import { errorOf } from './errors.js';

type AnyExecutor = ProcessPoolExecutor | ThreadPoolExecutor;
type ExecutorClass = new (options?: ExecutorOptions) => AnyExecutor;

const LIMIT = 20_000;
const HOLD = tasks.hold as (board: Board, result: number) => Promise<number>;

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

/** What both executors do. Numbers are those of Python's behaviours. */
export function executorSuite(Executor: ExecutorClass): void {
  const isProcesses = Executor === ProcessPoolExecutor;
  const Broken = isProcesses ? BrokenProcessPoolError : BrokenThreadPoolError;
  const shared = new Executor({ maxWorkers: 2 });
  const own: AnyExecutor[] = [];
  const make = (options: ExecutorOptions = {}) => {
    const made = new Executor({ maxWorkers: 1, grace: 50, ...options });
    own.push(made);
    return made;
  };

  afterEach(async () => {
    for (const made of own.splice(0)) {
      made.killWorkers();
      await within(LIMIT, made.shutdown(), 'all workers are reaped');
    }
  });

  afterAll(() => within(LIMIT, shared.shutdown(), 'all workers are reaped'));

  describe('submit', () => {
    it('calls a function with arguments, and with named ones last [185]', async () => {
      expect(await shared.submit(tasks.add, 3, 4)).toBe(7);
      expect(await shared.submit(tasks.echo).result()).toEqual([]);
      const kwargs = { self: 1, fn: 2 };
      expect(await shared.submitWith({ kwargs }, tasks.echo, 'x')).toEqual(['x', kwargs]);
      expect(() => shared.submit(undefined as never)).toThrow(TypeError);
    });

    it('may be used by a task, with an executor of its own', async () => {
      const executor = make({ maxWorkers: 2 });
      const results = [executor.submit(squareElsewhere, 4), executor.submit(squareElsewhere, 5)];
      expect(await Promise.all(results)).toEqual([16, 25]);
    });

    it('is typed by the function', async () => {
      // On its own: once a worker has loaded TypeScript, this repository's `paths` lead it to other copies.
      const typed = make();
      const future: Future<number> = typed.submit(half, 5);
      const text: string = await typed.submit(repeat, 'ab', 2);
      // @ts-expect-error an argument of the wrong type, which divides as NaN
      const wrong = typed.submit(half, 'x');
      expect([await future, text, await wrong]).toEqual([2.5, 'abab', Number.NaN]);
    });

    it('passes on what the function throws, with the stack of the worker [195]', async () => {
      const error = await errorOf(shared.submit(tasks.fail, 'on purpose'));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: 'on purpose', code: 'E_TEST' });
      expect(error.stack).toContain('tasks.js');
      expect(await shared.submit(tasks.fail, 'x').exception()).toMatchObject({ message: 'x' });
    });

    it('refuses at the call what cannot be called or cannot travel, and goes on [204, 258]', async () => {
      const closure = () => 1;
      expect(() => shared.submit(closure)).toThrow(
        expect.objectContaining({ code: 'ERR_NOT_EXPORTED' }),
      );
      expect(() => shared.submit(tasks.echo, { deep: new WeakMap() })).toThrow(
        expect.objectContaining({ code: 'ERR_ENCODE' }),
      );
      expect(await shared.submit(tasks.square, 2)).toBe(4);
    });

    it('a result that cannot travel and an odd error are that call alone [204, 259]', async () => {
      const calls: Future<unknown>[] = [
        shared.submit(tasks.makeFunction),
        shared.submit(tasks.makeUnreadable),
      ];
      const odd = shared.submit(tasks.failOddly);
      for (const call of calls) {
        expect(await errorOf(call)).toMatchObject({ code: 'ERR_MAYBE_ENCODING' });
      }
      expect((await errorOf(odd)).message).toBe('a b');
      expect(await shared.submit(tasks.square, 3)).toBe(9);
    });

    it('tells pending from running calls, and cancels only pending ones [210, 216, 260]', async () => {
      const board = new Board();
      const executor = make();
      await executor.submit(tasks.square, 1);
      const held = executor.submit(HOLD, board, 5);
      const queued = [1, 2, 3].map((x) => executor.submit(tasks.count, board, x));
      await board.until(0, 1);
      expect([held.running(), held.done(), held.cancel()]).toEqual([true, false, false]);
      expect(() => queued[0]?.setRunningOrNotifyCancel()).toThrow(/<pending> of an executor/);
      expect(queued.map((future) => [future.running(), future.cancel()])).toEqual([
        [false, true],
        [false, true],
        [false, true],
      ]);
      expect(queued.every((future) => future.cancelled() && future.done())).toBe(true);
      expect(await errorOf(queued[0] as Future<unknown>)).toMatchObject({ code: 'ERR_CANCELLED' });
      const { done } = await wait(queued, { timeout: 0 });
      expect(done.size).toBe(3);
      board.set(1, 1);
      expect(await held).toBe(5);
      expect([held.cancel(), board.get(2)]).toEqual([false, 0]);
    });

    it('waits no longer for a result than the time-out, and the call goes on [217]', async () => {
      const board = new Board();
      const held = make().submit(HOLD, board, 5);
      expect(await errorOf(held.result({ timeout: 5 }))).toMatchObject({ code: 'ERR_TIMEOUT' });
      board.set(1, 1);
      expect(await held.result({ timeout: LIMIT })).toBe(5);
    });

    it('calls back when it is done, also after errors [218]', async () => {
      const seen: string[] = [];
      const good = shared.submit(tasks.square, 1);
      const bad = shared.submit(tasks.fail, 'x');
      for (const future of [good, bad]) future.addDoneCallback((done) => seen.push(String(done)));
      await wait([good, bad]);
      expect(seen.sort()).toEqual([
        'Future <finished raised TypeError>',
        'Future <finished returned number>',
      ]);
    });
  });

  describe('map', () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    const squares = items.map((x) => x * x);

    it('gives results in order, for any chunksize [186]', async () => {
      expect(await collect(shared.map(tasks.square, items))).toEqual(squares);
      for (const chunksize of [1, 3, 20, 50]) {
        const results = shared.map(tasks.square, new Set(items), { chunksize });
        expect(await collect(results)).toEqual(squares);
      }
      expect(await collect(shared.map(tasks.square, []))).toEqual([]);
      expect(() => shared.map(tasks.square, items, { chunksize: 0 })).toThrow(RangeError);
      expect(() => shared.map(tasks.square, items, { buffersize: 0 })).toThrow(RangeError);
      expect(() => shared.map(tasks.square, 5 as never)).toThrow(TypeError);
    });

    it('takes several inputs up to the end of the shortest [186]', async () => {
      const endless = (function* () {
        for (let i = 0; ; i++) yield i;
      })();
      const sums = shared.map(tasks.add, endless, [10, 20, 30]);
      expect(await collect(sums)).toEqual([10, 21, 32]);
      const texts = make().map(repeat, ['a', 'b'], [1, 2, 3], { chunksize: 2 });
      expect(await collect(texts)).toEqual(['a', 'bb']);
    });

    it('takes asynchronous input', async () => {
      async function* later() {
        for (let i = 0; i < 5; i++) yield i;
      }
      expect(await collect(shared.map(tasks.square, later()))).toEqual([0, 1, 4, 9, 16]);
      const options = { chunksize: 2, buffersize: 1 };
      expect(await collect(shared.map(tasks.square, later(), options))).toEqual([0, 1, 4, 9, 16]);
      expect(await collect(shared.map(tasks.add, later(), [1, 2]))).toEqual([1, 3]);
    });

    it('throws at the failing element, after the results before it [187]', async () => {
      const seen: number[] = [];
      const loop = async () => {
        for await (const value of shared.map(tasks.squareUnless, items)) seen.push(value);
      };
      expect(await errorOf(loop())).toMatchObject({ name: 'RangeError', message: 'not 3' });
      expect(seen).toEqual([0, 1, 4]);
    });

    it('an error of the input has its place, and at the beginning is thrown at once', async () => {
      const failing = (after: number) =>
        (function* () {
          for (let i = 0; i < after; i++) yield i;
          throw new Error('bad input');
        })();
      expect(() => shared.map(tasks.square, failing(0))).toThrow('bad input');
      const results = shared.map(tasks.square, failing(2));
      expect([(await results.next()).value, (await results.next()).value]).toEqual([0, 1]);
      await expect(results.next()).rejects.toThrow('bad input');
      expect(await results.next()).toEqual({ done: true, value: undefined });
      expect(() => shared.map(() => 1, [1])).toThrow(
        expect.objectContaining({ code: 'ERR_NOT_EXPORTED' }),
      );
    });

    it('after the time-out gives what is there, then throws, and the rest is never run [187, 188]', async () => {
      const board = new Board();
      const executor = make();
      const inputs = [
        [board, board, board],
        [1, 2, 3],
        [2, 2, 2],
      ] as const;
      const results = executor.map(
        tasks.squareHolding as (board: Board, x: number, held: number) => Promise<number>,
        ...inputs,
        { timeout: 400 },
      );
      const late = executor.map(tasks.count as (board: Board, x: number) => number, [board], [1], {
        timeout: 0,
      });
      // The only worker holds the second call before any call is given up, so it can begin no other.
      await board.until(0, 1);
      const seen: number[] = [];
      const loop = async () => {
        for await (const value of results) seen.push(value);
      };
      expect(await errorOf(loop())).toMatchObject({ code: 'ERR_TIMEOUT' });
      expect(await errorOf(late.next())).toMatchObject({ code: 'ERR_TIMEOUT' });
      board.set(1, 1);
      await executor.shutdown();
      expect(seen.every((value) => value === 1)).toBe(true);
      expect(board.get(2)).toBe(0);
    });

    it('cancels the rest when the loop is left, and leaves the input [188]', async () => {
      const board = new Board();
      const executor = make();
      let isClosed = false;
      const input = (function* () {
        try {
          for (let i = 0; ; i++) yield [board, i] as const;
        } finally {
          isClosed = true;
        }
      })();
      const boards = (function* () {
        for (const [first] of input) yield first;
      })();
      const count = tasks.count as (board: Board) => undefined;
      for await (const _ of executor.map(count, boards, { buffersize: 3 })) break;
      expect(isClosed).toBe(true);
      await executor.shutdown();
      // One result was taken, so no more than four have ever been begun.
      expect(board.get(2)).toBeLessThanOrEqual(4);
    });

    it('takes input only as far as buffersize allows', async () => {
      let taken = 0;
      const input = (function* () {
        for (; taken < 100; ) yield ++taken;
      })();
      const results = shared.map(tasks.square, input, { buffersize: 2, chunksize: 3 });
      expect(taken).toBe(6);
      expect((await results.next()).value).toBe(1);
      expect(taken).toBe(9);
      await results.return();
      expect(await results.next()).toEqual({ done: true, value: undefined });
    });

    it('stops with the reason of its signal', async () => {
      const board = new Board();
      const controller = new AbortController();
      const { signal } = controller;
      const results = make().map(HOLD, [board], [1], { signal });
      const next = results.next();
      controller.abort('enough');
      await expect(next).rejects.toBe('enough');
      board.set(1, 1);
    });

    it('may be followed by shutdown at once [189]', async () => {
      const executor = make({ maxWorkers: 2 });
      const results = executor.map(tasks.square, items);
      await executor.shutdown();
      expect(await collect(results)).toEqual(squares);
    });
  });

  describe('workers', () => {
    it('are refused in impossible numbers, as are other bad options [191, 261]', () => {
      for (const maxWorkers of [0, -1, 1.5]) {
        expect(() => make({ maxWorkers })).toThrow(/options.maxWorkers/);
        expect(() => make({ maxWorkers })).toThrow(RangeError);
      }
      expect(() => make({ maxTasksPerChild: 0 })).toThrow(RangeError);
      expect(() => make({ maxTasksPerChild: '1' as never })).toThrow(TypeError);
      expect(() => make({ initializer: 1 as never })).toThrow(TypeError);
      expect(() => make({ strict: 1 as never })).toThrow(/options.strict/);
    });

    it('are never more than the maximum, and idle ones are used before new ones [196, 197]', async () => {
      const board = new Board();
      const executor = make({ maxWorkers: 2 });
      const first = await executor.submit(tasks.worker);
      expect(await executor.submit(tasks.worker)).toBe(first);
      const held = Array.from({ length: 10 }, (_, i) => executor.submit(HOLD, board, i));
      await board.until(0, 2);
      const ids = Array.from({ length: 10 }, () => executor.submit(tasks.worker));
      expect(held.filter((future) => future.running())).toHaveLength(2);
      board.set(1, 1);
      expect(new Set(await Promise.all(ids)).size).toBeLessThanOrEqual(2);
      expect(await Promise.all(held)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it('are replaced after maxTasksPerChild calls, also during shutdown [198, 199, 200]', async () => {
      const executor = make({ maxTasksPerChild: 2 });
      const ids = Array.from({ length: 6 }, () => executor.submit(tasks.worker));
      void executor.shutdown({ wait: false });
      const all = await Promise.all(ids);
      expect(new Set(all).size).toBe(3);
      expect(all[0]).toBe(all[1]);
    });

    it('are initialised [203]', async () => {
      const executor = make({ initializer: tasks.initialise, initargs: ['ready'] });
      expect(await executor.submit(tasks.readState)).toBe('ready');
    });

    it('whose initializer fails break the executor, and it says why [201, 203]', async () => {
      for (const strict of [false, true]) {
        const executor = make({ initializer: tasks.failToInitialise, strict });
        const futures = [executor.submit(tasks.square, 1), executor.submit(tasks.square, 2)];
        const errors = await Promise.all(futures.map(errorOf));
        for (const error of [
          ...errors,
          await errorOf((async () => executor.submit(tasks.square, 3))()),
        ]) {
          expect(error).toBeInstanceOf(Broken);
          expect(error.cause).toMatchObject({ message: 'cannot be initialised' });
        }
        expect(errors[0]).not.toBe(errors[1]);
      }
    });
  });

  describe('the death of a worker', () => {
    it('costs the call that it ran, and no other', async () => {
      const executor = make();
      const futures = [1, 2, 3].map((x) => executor.submit(tasks.square, x));
      const dying = executor.submit(tasks.exit, 7);
      futures.push(...[4, 5].map((x) => executor.submit(tasks.square, x)));
      expect(await errorOf(dying)).toMatchObject({ code: 'ERR_WORKER_DIED', exitCode: 7 });
      expect(await Promise.all(futures)).toEqual([1, 4, 9, 16, 25]);
    });

    it('breaks a strict executor: each future has its own error that says who died [192, 193, 194]', async () => {
      const board = new Board();
      const executor = make({ maxWorkers: 2, strict: true });
      const held = executor.submit(HOLD, board, 1);
      await board.until(0, 1);
      const done = await executor.submit(tasks.square, 3);
      const dying = executor.submit(tasks.exit, 7);
      const pending = [1, 2].map((x) => executor.submit(HOLD, board, x));
      const errors = await Promise.all([held, dying, ...pending].map(errorOf));
      for (const error of errors) {
        expect(error).toBeInstanceOf(Broken);
        expect(error.code).toBe(isProcesses ? 'ERR_BROKEN_PROCESS_POOL' : 'ERR_BROKEN_THREAD_POOL');
        expect(error.cause).toMatchObject({ code: 'ERR_WORKER_DIED', exitCode: 7 });
      }
      expect([new Set(errors).size, done]).toEqual([4, 9]);
      expect(() => executor.submit(tasks.square, 1)).toThrow(Broken);
      expect(() => executor.map(tasks.square, [1])).toThrow(Broken);
      await within(LIMIT, executor.shutdown(), 'a broken executor ends');
    });

    it.runIf(isProcesses)('by a signal breaks a strict executor, too [192, 204]', async () => {
      const executor = make({ strict: true });
      const error = await errorOf(executor.submit(tasks.dieBySignal, 'SIGKILL'));
      expect(error.cause).toMatchObject({ signal: 'SIGKILL' });
      expect(error.message).toContain('SIGKILL');
    });

    it('after shutdown() still settles everything [206]', async () => {
      for (const strict of [false, true]) {
        const executor = make({ strict });
        const dying = executor.submit(tasks.exit, 3);
        const last = executor.submit(tasks.square, 2);
        const ended = executor.shutdown();
        expect(await errorOf(dying)).toMatchObject({
          code: strict ? new Broken('').code : 'ERR_WORKER_DIED',
        });
        expect((await Promise.allSettled([last]))[0]?.status).toBe(
          strict ? 'rejected' : 'fulfilled',
        );
        await within(LIMIT, ended, 'shutdown ends');
      }
    });

    it('while it sends a large result settles the call [205]', async () => {
      const executor = make();
      const big = new Uint8Array(4 * 2 ** 20);
      const futures = [1, 2, 3, 4].map(() => executor.submit(tasks.echo, big));
      await Promise.race(futures);
      executor.killWorkers();
      const settled = await within(LIMIT, Promise.allSettled(futures), 'all calls settle');
      for (const one of settled) {
        if (one.status === 'fulfilled')
          expect((one.value as Uint8Array[])[0]?.length).toBe(big.length);
        else expect(['ERR_CANCELLED', new Broken('').code]).toContain(one.reason.code);
      }
    });
  });

  describe('shutdown', () => {
    it('waits for all calls, refuses new ones, and may be repeated [207, 209]', async () => {
      const executor = make({ maxWorkers: 2 });
      const futures = Array.from({ length: 50 }, (_, i) => executor.submit(tasks.square, i));
      await executor.shutdown();
      expect(futures.every((future) => future.done())).toBe(true);
      expect((await Promise.all(futures))[49]).toBe(49 * 49);
      const refused = expect.objectContaining({ code: 'ERR_EXECUTOR_SHUTDOWN' });
      expect(() => executor.submit(tasks.square, 1)).toThrow(refused);
      expect(() => executor.map(tasks.square, [])).toThrow(refused);
      await executor.shutdown();
      await executor[Symbol.asyncDispose]();
    });

    it('of an executor that was never used ends at once', async () => {
      const executor = make();
      await within(LIMIT, executor.shutdown(), 'the end');
      executor.terminateWorkers();
      executor.killWorkers();
    });

    it('with cancelFutures cancels what has not been begun [210, 211]', async () => {
      const board = new Board();
      const executor = make();
      const held = executor.submit(HOLD, board, 5);
      const queued = [1, 2, 3].map((x) => executor.submit(tasks.count, board, x));
      await board.until(0, 1);
      expect(queued[0]?.cancel()).toBe(true);
      const ended = executor.shutdown({ cancelFutures: true });
      expect(queued.every((future) => future.cancelled())).toBe(true);
      board.set(1, 1);
      await ended;
      expect([await held, board.get(2)]).toEqual([5, 0]);
    });

    it('without waiting returns at once, and the calls are finished [212]', async () => {
      const board = new Board();
      const executor = make();
      const futures = [executor.submit(HOLD, board, 1), executor.submit(tasks.square, 2)];
      await executor.shutdown({ wait: false });
      expect(futures.some((future) => future.done())).toBe(false);
      board.set(1, 1);
      expect(await Promise.all(futures)).toEqual([1, 4]);
    });

    it.runIf(isProcesses)('leaves no process behind [212]', async () => {
      const executor = make({ maxWorkers: 2 });
      const ids = await Promise.all([1, 2, 3].map(() => executor.submit(tasks.worker)));
      await executor.shutdown();
      const running = new Set(readdirSync('/proc'));
      for (const id of ids) expect(running.has(id.split('/')[0] as string)).toBe(false);
    });
  });

  describe.each(['terminateWorkers', 'killWorkers'] as const)('%s', (end) => {
    it('stops a running call, cancels the others and takes no more [202]', async () => {
      const board = new Board();
      const executor = make();
      await executor.submit(tasks.square, 1);
      const running = executor.submit(tasks.spin, board);
      const queued = executor.submit(tasks.square, 2);
      await board.until(0, 1);
      executor[end]();
      expect(await errorOf(running)).toBeInstanceOf(Broken);
      expect(queued.cancelled()).toBe(true);
      expect(() => executor.submit(tasks.square, 1)).toThrow(/shut down/);
      await within(LIMIT, executor.shutdown(), 'the worker ends');
      executor[end]();
    });
  });

  it('asCompleted gives futures of several executors as they come [215]', async () => {
    const board = new Board();
    const other = make();
    const held = other.submit(HOLD, board, 9);
    const futures = [held, ...[1, 2, 3].map((x) => shared.submit(tasks.square, x))];
    const results: number[] = [];
    for await (const future of asCompleted(futures, { timeout: LIMIT })) {
      const value: number = await future.result();
      results.push(value);
      if (results.length === 3) board.set(1, 1);
    }
    expect(results.slice(0, 3).sort()).toEqual([1, 4, 9]);
    expect(results[3]).toBe(9);
  });
}
