import { createRequire } from 'node:module';
import { isMultiprocError, TimeoutError } from '@multiproc/core';
import { AsyncResult, methodOf, Pool, type PoolOptions } from '@multiproc/pool';
import type { StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import * as tasks from '../fixtures/tasks.js';
import { half } from '../fixtures/typed.js';
import { codeOf, errorOf } from './errors.js';

const cjs = createRequire(import.meta.url)('../fixtures/tasks.cjs');

/** What a pool does, for one kind of workers. Numbers are those of Python's behaviours. */
export function poolSuite(startMethod: StartMethod): void {
  const pool = new Pool({ processes: 2, startMethod });
  const own: Pool[] = [];
  const make = (options: PoolOptions = {}) => {
    const made = new Pool({ processes: 1, startMethod, ...options });
    own.push(made);
    return made;
  };

  afterEach(async () => {
    for (const made of own.splice(0)) {
      made.terminate();
      await made.join();
    }
  });

  afterAll(async () => {
    pool.close();
    await pool.join();
  });

  describe('calls', () => {
    it('apply with args and kwargs [153]', async () => {
      expect(await pool.apply(tasks.square, [7])).toBe(49);
      expect(await pool.run(tasks.echo, [1, 'é'], { kwargs: { a: 1 } })).toEqual([
        1,
        'é',
        { a: 1 },
      ]);
      expect(await pool.apply(tasks.echo)).toEqual([]);
    });

    it('awaits what an asynchronous function returns', async () => {
      expect(await pool.apply(tasks.addLater, [1, 2])).toBe(3);
      expect(await pool.map(tasks.addLater, [1], { chunksize: 1 })).toEqual([Number.NaN]);
    });

    it('map with and without chunksize [153]', async () => {
      const items = Array.from({ length: 100 }, (_, i) => i);
      const squares = items.map((x) => x * x);
      expect(await pool.map(tasks.square, items)).toEqual(squares);
      expect(await pool.map(tasks.square, items, { chunksize: 7 })).toEqual(squares);
      expect(await pool.map(tasks.square, new Set(items), { chunksize: 1000 })).toEqual(squares);
    });

    it('map takes an asynchronous iterable', async () => {
      async function* numbers() {
        for (let i = 0; i < 5; i++) yield i;
      }
      expect(await pool.map(tasks.square, numbers())).toEqual([0, 1, 4, 9, 16]);
      expect(await pool.mapAsync(tasks.square, numbers())).toEqual([0, 1, 4, 9, 16]);
    });

    it('starmap unpacks each element [153]', async () => {
      const pairs: [number, number][] = [
        [1, 2],
        [3, 4],
        [5, 6],
      ];
      expect(await pool.starmap(tasks.add, pairs)).toEqual([3, 7, 11]);
      expect(await pool.starmapAsync(tasks.add, pairs, { chunksize: 1 }).get()).toEqual([3, 7, 11]);
    });

    it('empty input gives an empty list in all maps [156]', async () => {
      expect(await pool.map(tasks.square, [], { chunksize: 1 })).toEqual([]);
      expect(await pool.starmap(tasks.add, [])).toEqual([]);
      for (const name of ['imap', 'imapUnordered'] as const) {
        expect(await pool[name](tasks.square, []).next()).toEqual({ done: true, value: undefined });
      }
    });

    it('a large argument and a large result', async () => {
      const bytes = new Uint8Array(3 * 2 ** 20).fill(5);
      const [back] = (await pool.apply(tasks.echo, [bytes])) as [Uint8Array];
      expect(Buffer.compare(back, bytes)).toBe(0);
      const texts = Array.from({ length: 200 }, (_, i) => 'x'.repeat(i * 10));
      expect(await pool.map(tasks.length, texts, { chunksize: 1 })).toEqual(
        texts.map((t) => t.length),
      );
    });

    it('shared objects among arguments and results stay shared', async () => {
      const board = new Board();
      const [same] = (await pool.apply(tasks.echo, [board])) as [Board];
      expect(same).toBe(board);
      await pool.starmap(tasks.count, [
        [board, 3, 0],
        [board, 3, 1],
      ] as [Board, number, number][]);
      expect(board.get(3)).toBe(2);
    });

    it('functions of CommonJS and TypeScript modules, and by reference', async () => {
      expect(await pool.apply(cjs.twice, [4])).toBe(8);
      const module = new URL('../fixtures/tasks.js', import.meta.url);
      expect(await pool.apply({ module, name: 'square' }, [3])).toBe(9);
      // On its own: from here on this repository's `paths` lead the worker to the sources of the packages
      // instead of what was built, and what it has of core would not be the same any more.
      expect(await make().apply(half, [4])).toBe(2);
    });

    it('static methods, methods of registered objects, callable objects', async () => {
      expect(await pool.apply(tasks.Job.create, [5])).toBe(15);
      const job = new tasks.Job(3);
      expect(await pool.apply(methodOf(job, 'scale'), [1, 2])).toEqual([3, 6]);
      job.factor = 4;
      expect(await pool.map(job, [1, 2, 3])).toEqual([4, 8, 12]);
      expect(await pool.apply(tasks.makeJob, [2])).toEqual(new tasks.Job(2));
    });

    it('many tasks at once, each with its own result', async () => {
      const calls = Array.from({ length: 3000 }, (_, i) => pool.apply(tasks.add, [i, 1]));
      const results = await Promise.all(calls);
      expect(results.every((value, i) => value === i + 1)).toBe(true);
    });
  });

  describe('AsyncResult', () => {
    it('is awaited, asked again, and tells how it went [158]', async () => {
      const result = pool.applyAsync(tasks.square, [7]);
      expect(result).toBeInstanceOf(AsyncResult);
      expect(await result).toBe(49);
      expect(await result.get()).toBe(49);
      expect(result.ready() && result.successful()).toBe(true);
    });

    it('get and wait give up after their time-out, and the task goes on [158]', async () => {
      const board = new Board();
      const result = pool.applyAsync(tasks.hold, [board, 5]);
      expect(codeOf(() => result.successful())).toBe('ERR_POOL_STATE');
      await expect(result.get({ timeout: 20 })).rejects.toBeInstanceOf(TimeoutError);
      expect(await result.wait({ timeout: 0 })).toBe(false);
      const signal = AbortSignal.abort('enough');
      await expect(result.get({ signal })).rejects.toBe('enough');
      board.set(1, 1);
      expect(await result.wait({ timeout: 20_000 })).toBe(true);
      expect(await result.get({ timeout: 0 })).toBe(5);
    });

    it('one callback with the value, or one with the error [154, 170]', async () => {
      const heard: unknown[] = [];
      const listen = {
        callback: (value: unknown) => heard.push(value),
        errorCallback: (error: unknown) => heard.push((error as Error).message),
      };
      await pool.mapAsync(tasks.square, [1, 2], listen);
      await pool.applyAsync(tasks.fail, ['no'], listen).wait();
      await pool.mapAsync(tasks.squareUnless, [1, 13, 2], listen).wait();
      expect(heard).toEqual([[1, 4], 'no', 'not 13']);
    });

    it('a callback that throws is reported, and harms no other task [250]', async () => {
      const errors: unknown[] = [];
      pool.once('error', (error) => errors.push(error));
      const failing = {
        callback: () => {
          throw new Error('in a callback');
        },
      };
      expect(await pool.applyAsync(tasks.square, [2], failing)).toBe(4);
      expect(errors).toMatchObject([{ message: 'in a callback' }]);
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });

    it('an error that nobody asks for does not end the program', async () => {
      const result = pool.applyAsync(tasks.fail, ['unheard']);
      await result.wait();
      expect(result.successful()).toBe(false);
    });
  });

  describe('errors', () => {
    it('keep class, message, code, fields and cause, with the stack of the worker [165]', async () => {
      const error = await errorOf(pool.apply(tasks.fail, ['no']));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({
        message: 'no',
        code: 'E_TEST',
        extra: { deep: [1] },
        cause: { message: 'the cause' },
      });
      expect(error.stack).toMatch(/tasks\.js:\d+/);
      expect(error.stack).toMatch(/in PoolWorker-\d \(pid \d+\), which ran fail of file:/);
    });

    it('of a class that cannot be made from its message come back whole [249]', async () => {
      const error = await errorOf(pool.apply(tasks.failOddly));
      expect(error).toBeInstanceOf(tasks.OddError);
      expect(error).toMatchObject({
        code: 'E_ODD',
        message: 'one and two',
        extra: { deep: ['one'] },
      });
      expect(await pool.apply(tasks.square, [2])).toBe(4);
    });

    it('with a field that cannot travel come back without it', async () => {
      const error = await errorOf(pool.apply(tasks.failWithFunction));
      expect(error).toMatchObject({
        name: 'TypeError',
        message: 'has a function',
        code: 'E_FN',
        kept: 5,
      });
      expect(error).not.toHaveProperty('callback');
    });

    it('of asynchronous functions, and thrown values that are no errors', async () => {
      await expect(pool.apply(tasks.failLater, ['late'])).rejects.toThrow('late');
      await expect(pool.apply(tasks.throwText, ['text'])).rejects.toBe('text');
    });

    it('a result that cannot travel is an error of its task alone, 20 times [171]', async () => {
      const before = new Set(await pool.broadcast(tasks.worker));
      for (let i = 0; i < 20; i++) {
        const error = await errorOf(pool.apply(tasks.makeFunction));
        expect(error).toMatchObject({ code: 'ERR_MAYBE_ENCODING' });
        expect(error).toHaveProperty('exc', expect.stringContaining('result'));
        expect(error).toHaveProperty('value', expect.stringContaining('Function'));
      }
      expect(new Set(await pool.broadcast(tasks.worker))).toEqual(before);
    });

    it('a function that no module exports is refused with its place and advice', async () => {
      const error = await errorOf(pool.apply(() => 1));
      expect(error).toMatchObject({ code: 'ERR_NOT_EXPORTED' });
      expect(error.message).toMatch(/pool-suite\.ts:\d+.*Write `export function/s);
      expect(codeOf(() => pool.applyAsync(() => 1))).toBe('ERR_NOT_EXPORTED');
      expect(codeOf(() => pool.imap(() => 1, []))).toBe('ERR_NOT_EXPORTED');
    });

    it('an argument that cannot travel is refused with its path [155]', async () => {
      const args = [1, { on: { done: () => 1 } }];
      const error = await errorOf(pool.apply(tasks.echo, args));
      expect(error).toMatchObject({ code: 'ERR_ENCODE', path: 'args[1].on.done' });
      const items = [1, 2, 3, 4, 5, 6, 7, 8, 9, Symbol('no')];
      const inList = await errorOf(pool.map(tasks.echo, items, { chunksize: 4 }));
      expect(inList).toMatchObject({ code: 'ERR_ENCODE', path: 'items.slice(8)[1]' });
      expect(await pool.apply(tasks.square, [2])).toBe(4);
    });

    it('a module or export that is not there rejects the tasks that want it', async () => {
      const nowhere = { module: 'file:///nowhere/work.js', name: 'work' };
      await expect(pool.apply(nowhere, [])).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
      await expect(pool.map(nowhere, [1])).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
      const module = new URL('../fixtures/tasks.js', import.meta.url);
      const missing = pool.apply({ module, name: 'missing' }, []);
      await expect(missing).rejects.toMatchObject({ code: 'ERR_NOT_EXPORTED' });
    });

    it('a failing input makes map reject with its error, and the pool stays usable [157, 165]', async () => {
      function* failing(after: number) {
        for (let i = 0; i < after; i++) yield i;
        throw new SyntaxError('the input');
      }
      for (const after of [0, 3]) {
        const error = await errorOf(pool.map(tasks.square, failing(after), { chunksize: 1 }));
        expect(error).toBeInstanceOf(SyntaxError);
        expect(error.stack).not.toContain('PoolWorker');
      }
      expect(await pool.map(tasks.square, [2])).toEqual([4]);
    });

    it('map waits for all chunks before it rejects with the first failure [167]', async () => {
      const board = new Board();
      const failures: unknown[] = [];
      const note = ({ error }: { error: unknown }) => failures.push(error);
      pool.on('taskError', note);
      const pairs = [1, 2, 3, 4].map((n) => [board, n, n] as [Board, number, number]);
      const mixed = [...pairs.slice(0, 1), null as never, ...pairs.slice(1)];
      const error = await errorOf(pool.starmap(tasks.count, mixed, { chunksize: 1 }));
      pool.off('taskError', note);
      // All of them, so that a chunk that failed for another reason says why.
      expect(failures).toEqual([error]);
      expect(error).toBeInstanceOf(TypeError);
      expect([1, 2, 3, 4].map((word) => board.get(word))).toEqual([1, 1, 1, 1]);
    });

    it('an argument or result whose module cannot be imported says why, in its task alone', async () => {
      const broken = new URL('../fixtures/broken.js', import.meta.url);
      const { Fragile } = await import(broken.href);
      const error = await errorOf(pool.apply(tasks.echo, [new Fragile()]));
      expect(error).toMatchObject({ name: 'RangeError', message: 'not in a worker' });
      expect(await pool.apply(tasks.square, [2])).toBe(4);
    });
  });

  describe('imap', () => {
    it('yields in order, to the end, also in chunks [159]', async () => {
      const items = Array.from({ length: 50 }, (_, i) => i);
      for (const chunksize of [1, 7, 100]) {
        const iterator = pool.imap(tasks.square, items, { chunksize });
        const results: number[] = [];
        for await (const value of iterator) results.push(value);
        expect(results).toEqual(items.map((x) => x * x));
        expect((await iterator.next()).done).toBe(true);
      }
    });

    it('imapUnordered yields each result once [161]', async () => {
      const results: number[] = [];
      for await (const value of pool.imapUnordered(tasks.square, new Set([3, 1, 2])))
        results.push(value);
      expect(results.sort()).toEqual([1, 4, 9]);
    });

    it('goes on after the error of an element, which comes in its place [255]', async () => {
      const iterator = pool.imap(tasks.squareUnless, [1, 13, 3]);
      expect(await iterator.next()).toEqual({ done: false, value: 1 });
      await expect(iterator.next()).rejects.toThrow('not 13');
      expect(await iterator.next()).toEqual({ done: false, value: 9 });
      expect((await iterator.next()).done).toBe(true);
    });

    it('a failing input comes in its place, after the earlier results [160, 161]', async () => {
      function* failing() {
        yield 1;
        yield 2;
        throw new SyntaxError('the input');
      }
      const iterator = pool.imap(tasks.square, failing());
      expect([(await iterator.next()).value, (await iterator.next()).value]).toEqual([1, 4]);
      await expect(iterator.next()).rejects.toBeInstanceOf(SyntaxError);
      expect((await iterator.next()).done).toBe(true);
      const any = pool.imapUnordered(tasks.square, failing());
      const ends = await Promise.allSettled([any.next(), any.next(), any.next()]);
      expect(ends.filter(({ status }) => status === 'fulfilled').length).toBe(2);
    });

    it('takes input only as fast as results are taken, and not after break [254]', async () => {
      let taken = 0;
      let isClosed = false;
      function* endless() {
        try {
          for (;;) yield taken++;
        } finally {
          isClosed = true;
        }
      }
      for await (const value of pool.imap(tasks.square, endless(), { buffersize: 4 })) {
        expect(taken).toBeLessThanOrEqual(value ** 0.5 + 5);
        if (value >= 100) break;
      }
      expect(isClosed).toBe(true);
      const after = taken;
      expect(await pool.apply(tasks.square, [1])).toBe(1);
      expect(taken).toBe(after);
    });

    it('takes asynchronous input, as of a stream', async () => {
      async function* lines() {
        for (let i = 0; i < 20; i++) {
          await null;
          yield i;
        }
      }
      const results: number[] = [];
      for await (const value of pool.imap(tasks.square, lines(), { chunksize: 3 }))
        results.push(value);
      expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i * i));
    });

    it('next gives up after its time-out, and the result is left for the next call', async () => {
      const board = new Board();
      const items = [[board, 1]].map(([first]) => first as Board);
      const iterator = pool.imap(tasks.hold as (board: Board) => Promise<undefined>, items);
      await expect(iterator.next({ timeout: 10 })).rejects.toBeInstanceOf(TimeoutError);
      board.set(1, 1);
      expect(await iterator.next()).toEqual({ done: false, value: undefined });
    });

    it('refuses a chunksize below 1, also in map [253]', async () => {
      expect(codeOf(() => pool.imap(tasks.square, [1], { chunksize: 0 }))).toBe('ERR_OUT_OF_RANGE');
      const error = await errorOf(pool.map(tasks.square, [1], { chunksize: -1 }));
      expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    });
  });

  describe('closing', () => {
    it('close lets what is under way end, join waits for it, and tasks are refused', async () => {
      const closing = make({ processes: 2 });
      const results = closing.map(tasks.square, [1, 2, 3], { chunksize: 1 });
      closing.close();
      closing.close();
      await expect(closing.apply(tasks.square, [1])).rejects.toMatchObject({
        code: 'ERR_POOL_STATE',
      });
      await expect(closing.map(tasks.square, [])).rejects.toMatchObject({ code: 'ERR_POOL_STATE' });
      expect(await closing.join()).toBe(true);
      expect(await closing.join()).toBe(true);
      expect(await results).toEqual([1, 4, 9]);
      expect(closing.stats().workers).toBe(0);
    });

    it('join before close is refused [257], and may give up', async () => {
      const board = new Board();
      const open = make();
      await expect(open.join()).rejects.toMatchObject({ code: 'ERR_POOL_STATE' });
      const held = open.apply(tasks.hold, [board, 1]);
      open.close();
      expect(await open.join({ timeout: 20 })).toBe(false);
      board.set(1, 1);
      expect(await open.join()).toBe(true);
      expect(await held).toBe(1);
    });

    it('terminate rejects all that has not ended, at once, with 10,000 tasks waiting [163, 252]', async () => {
      const board = new Board();
      const doomed = make({ processes: 2 });
      const calls = Array.from({ length: 10_000 }, () => doomed.apply(tasks.never, [board]));
      const ends = Promise.allSettled(calls);
      await board.until(0, 2);
      doomed.terminate();
      const reasons = (await ends).map((end) => end.status === 'rejected' && end.reason.code);
      expect(new Set(reasons)).toEqual(new Set(['ERR_POOL_TERMINATED']));
      expect(await doomed.join({ timeout: 20_000 })).toBe(true);
    });

    it('`with` drains after success, and terminates when the block throws', async () => {
      let leftBehind: Promise<number> | undefined;
      const kind = { processes: 1, startMethod };
      await Pool.with(kind, (inner) => {
        leftBehind = inner.apply(tasks.addLater, [1, 2]);
      });
      expect(await leftBehind).toBe(3);
      let abandoned: Promise<unknown> | undefined;
      const failing = Pool.with(kind, async (inner) => {
        abandoned = errorOf(inner.apply(tasks.never));
        throw new Error('in the block');
      });
      await expect(failing).rejects.toThrow('in the block');
      expect(await abandoned).toMatchObject({ code: 'ERR_POOL_TERMINATED' });
    });

    it('disposing finishes what is under way', async () => {
      const disposed = make();
      const result = disposed.apply(tasks.addLater, [2, 3]);
      await disposed[Symbol.asyncDispose]();
      expect(await result).toBe(5);
    });

    it('a pool cannot be sent to a worker [256]', async () => {
      const error = await errorOf(pool.apply(tasks.echo, [pool]));
      expect(isMultiprocError(error, 'ERR_ENCODE')).toBe(true);
    });
  });

  describe('initializer', () => {
    it('runs in each worker before its tasks, also asynchronously [176]', async () => {
      for (const initializer of [tasks.initialise, tasks.initialiseLater]) {
        const made = make({ processes: 2, initializer, initargs: ['set'] });
        expect(await made.broadcast(tasks.readState)).toEqual(['set', 'set']);
      }
    });

    it('that fails rejects the pool after a few tries, with its error as cause [251]', async () => {
      const board = new Board();
      const made = make({ initializer: tasks.failToInitialise, initargs: [board] });
      const calls = [made.apply(tasks.square, [1]), made.map(tasks.square, [1, 2])];
      for (const call of calls) {
        const error = await errorOf(call);
        expect(error).toMatchObject({ code: 'ERR_POOL_BROKEN', cause: { name: 'RangeError' } });
        expect(error.message).toContain('cannot be initialised');
      }
      await expect(made.apply(tasks.square, [1])).rejects.toMatchObject({
        code: 'ERR_POOL_BROKEN',
      });
      expect(board.get(0)).toBe(3);
    });

    it('that fails now and then does not break the pool: only failures in a row count', async () => {
      const board = new Board();
      const made = make({ initializer: tasks.failToInitialiseTwice, initargs: [board] });
      expect(await made.apply(tasks.square, [2])).toBe(4);
      expect(await errorOf(made.apply(tasks.exit, [1]))).toMatchObject({ code: 'ERR_WORKER_DIED' });
      expect(await made.apply(tasks.square, [3])).toBe(9);
      expect(board.get(0)).toBe(6);
    });

    it('that ends its worker breaks the pool too', async () => {
      const made = make({ initializer: tasks.exitInInitialiser });
      const error = await errorOf(made.apply(tasks.square, [1]));
      expect(error).toMatchObject({
        code: 'ERR_POOL_BROKEN',
        cause: { code: 'ERR_WORKER_DIED', exitCode: 9 },
      });
    });
  });
}
