import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { currentFamily } from '@multiproc/core';
import { Pool, type PoolOptions } from '@multiproc/pool';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';
import * as tasks from '../fixtures/tasks.js';
import { errorOf } from './errors.js';

const LIMIT = 20_000;

/** How many workers there are and what they are like, for one kind of workers. */
export function sizesSuite(startMethod: StartMethod): void {
  const own: Pool[] = [];
  const make = (options: PoolOptions = {}) => {
    const made = new Pool({ processes: 1, startMethod, ...options });
    own.push(made);
    return made;
  };
  const total = (pool: Pool) => pool.stats().workers + pool.stats().starting;

  afterEach(async () => {
    for (const made of own.splice(0)) {
      made.terminate();
      await made.join();
    }
  });

  describe('how many workers', () => {
    it('as many as processes says [162]', async () => {
      const pool = make({ processes: 3 });
      expect(new Set(await pool.broadcast(tasks.worker)).size).toBe(3);
      expect(pool.processes.length).toBe(3);
    });

    it('more come when tasks wait, and go when they have had nothing to do', async () => {
      const board = new Board();
      const pool = make({ processes: { min: 1, max: 3 }, idleTimeout: 50 });
      await pool.apply(tasks.square, [1]);
      expect(total(pool)).toBe(1);
      const calls = [1, 2, 3].map((n) => pool.apply(tasks.hold, [board, n]));
      await board.until(0, 3);
      expect(total(pool)).toBe(3);
      board.set(1, 1);
      expect(await Promise.all(calls)).toEqual([1, 2, 3]);
      await eventually(
        () => total(pool) === 1 && pool.processes.length === 1,
        LIMIT,
        'two have gone',
      );
      expect(await pool.map(tasks.square, [1, 2])).toEqual([1, 4]);
    });

    it('none at first with a least number of 0', async () => {
      const pool = make({ processes: { min: 0, max: 1 } });
      expect(pool.processes.length).toBe(0);
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });

    it('resize adds and takes away, without harm to tasks', async () => {
      const pool = make({ processes: 1 });
      pool.resize(3);
      expect(total(pool)).toBe(3);
      const calls = pool.map(tasks.addLater, [1, 2, 3, 4, 5, 6], { chunksize: 1 });
      await pool.broadcast(tasks.square, [1]);
      pool.resize(1);
      await calls;
      await eventually(() => pool.processes.length === 1, LIMIT, 'two have gone');
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });

    it('a worker is replaced after maxtasksperchild tasks [172]', async () => {
      const pool = make({ processes: 2, maxtasksperchild: 10 });
      const calls = Array.from({ length: 60 }, () => pool.apply(tasks.worker));
      const counts = new Map<string, number>();
      for (const id of await Promise.all(calls)) counts.set(id, (counts.get(id) ?? 0) + 1);
      expect(counts.size).toBeGreaterThanOrEqual(6);
      expect(Math.max(...counts.values())).toBe(10);
    });

    it('close and join finish everything with maxtasksperchild of 1 [173]', async () => {
      const pool = make({ processes: 2, maxtasksperchild: 1 });
      const calls = pool.map(tasks.square, [1, 2, 3, 4, 5], { chunksize: 1 });
      pool.close();
      expect(await pool.join({ timeout: LIMIT })).toBe(true);
      expect(await calls).toEqual([1, 4, 9, 16, 25]);
    });

    it('a worker that uses too much memory is replaced', async () => {
      const maxMemory = 200 * 2 ** 20;
      const pool = make({ maxMemory });
      const before = await pool.apply(tasks.worker);
      await pool.apply(tasks.keep, [300 * 2 ** 20]);
      await eventually(
        async () => (await pool.apply(tasks.worker)) !== before,
        LIMIT,
        'another worker',
      );
    });

    it('a spare worker takes the place of one that died at once', async () => {
      const pool = make({ spares: 1 });
      await eventually(() => pool.processes.length === 2, LIMIT, 'the spare is started');
      const [first, spare] = pool.processes;
      expect(await errorOf(pool.apply(tasks.exit, [1]))).toMatchObject({ code: 'ERR_WORKER_DIED' });
      const id = await pool.apply(tasks.worker);
      if (startMethod === 'spawn') expect(id).toBe(`${spare?.pid}/0`);
      expect(pool.processes).not.toContain(first);
      expect(pool.stats().spares).toBe(1);
    });
  });

  describe('what waits', () => {
    it('more than maxQueue is refused, and ready() waits for room', async () => {
      const board = new Board();
      const pool = make({ maxQueue: 2 });
      await pool.apply(tasks.square, [1]);
      const events: string[] = [];
      for (const event of ['drain', 'needsDrain']) pool.on(event, () => events.push(event));
      const held = pool.apply(tasks.hold, [board, 1]);
      await board.until(0, 1);
      // A function whose run time is not known yet is given to no busy worker.
      const waiting = [1, 2].map((x) => pool.apply(tasks.echo, [x]));
      expect(pool.queueSize).toBe(2);
      await expect(pool.apply(tasks.echo, [3])).rejects.toMatchObject({
        code: 'ERR_POOL_QUEUE_FULL',
      });
      const ready = pool.ready();
      board.set(1, 1);
      await ready;
      expect(await Promise.all([held, ...waiting])).toEqual([1, [1], [2]]);
      expect(events).toEqual(['needsDrain', 'drain']);
      pool.close();
      await expect(pool.ready()).rejects.toMatchObject({ code: 'ERR_POOL_STATE' });
    });

    it('what a busy worker was given ahead counts as waiting, and what runs does not', async () => {
      const board = new Board();
      const pool = make({ maxQueue: 2 });
      const many = Array.from({ length: 200 }, (_, i) => i);
      // From here on the run time is known, and a worker is given tasks ahead.
      for (const x of many) await pool.apply(tasks.square, [x]);
      const held = pool.apply(tasks.hold, [board, 1]);
      await board.until(0, 1);
      const events: string[] = [];
      for (const event of ['drain', 'needsDrain']) pool.on(event, () => events.push(event));
      const calls = [1, 2].map((x) => pool.apply(tasks.square, [x]));
      expect(pool.stats()).toMatchObject({ pending: 2, active: 1 });
      expect(pool.queueSize).toBe(2);
      await expect(pool.apply(tasks.square, [3])).rejects.toMatchObject({
        code: 'ERR_POOL_QUEUE_FULL',
      });
      board.set(1, 1);
      await pool.ready();
      expect([await held, ...(await Promise.all(calls))]).toEqual([1, 1, 4]);
      expect(events).toEqual(['needsDrain', 'drain']);
    });

    it('with a maxQueue of 0 a task is taken when a worker is free, or coming up', async () => {
      const board = new Board();
      const pool = make({ processes: 2, maxQueue: 0 });
      const held = [1, 2].map((n) => pool.apply(tasks.hold, [board, n]));
      await expect(pool.apply(tasks.square, [3])).rejects.toMatchObject({
        code: 'ERR_POOL_QUEUE_FULL',
      });
      await board.until(0, 2);
      const ready = pool.ready();
      board.set(1, 1);
      expect(await Promise.all(held)).toEqual([1, 2]);
      await ready;
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });

    it('none is lost when a busy worker was given many, took none of them, and lost them again', async () => {
      const board = new Board();
      const pool = make({ tasksPerWorker: 64 });
      await pool.apply(tasks.square, [1]);
      const held = pool.apply(tasks.holdSync, [board, 1]);
      await board.until(0, 1);
      const first = pool.apply(tasks.square, [2]);
      // All but two of the places in the ring by which a worker is told of tasks.
      for (let round = 0; round < 126; round++) {
        const controller = new AbortController();
        const call = pool.apply(tasks.square, [3], { signal: controller.signal });
        controller.abort('taken back');
        await expect(call).rejects.toBe('taken back');
      }
      // Of a function that the worker has not heard of, so that it has to be told of two things.
      const last = pool.apply(tasks.echo, [4]);
      board.set(1, 1);
      expect(await Promise.all([held, first, last])).toEqual([1, 4, [4]]);
    });

    it('stats tell what is done', async () => {
      const pool = make();
      await pool.map(tasks.square, [1, 2, 3], { chunksize: 1 });
      await errorOf(pool.apply(tasks.fail, ['no']));
      expect(pool.stats()).toMatchObject({
        workers: 1,
        starting: 0,
        busy: 0,
        idle: 1,
        pending: 0,
        active: 0,
        completed: 3,
        failed: 1,
      });
      expect(pool.completed).toBe(4);
      const { runTime, waitTime } = pool.stats();
      expect([runTime.count, waitTime.count]).toEqual([4, 4]);
      expect(runTime.p50).toBeGreaterThan(0);
      expect(runTime.max).toBeGreaterThanOrEqual(runTime.p99);
    });
  });

  describe('what workers are like', () => {
    it('they have the environment and options that the pool gives them', async () => {
      const pool = make({ env: { ...process.env, POOL_TEST: 'set' } });
      expect(await pool.apply(tasks.variable, ['POOL_TEST'])).toBe('set');
      const limited = make({ resourceLimits: { maxOldGenerationSizeMb: 100 } });
      // Of the whole heap: the young generation adds 48 to 192 MiB, depending on the version of Node.
      expect(await limited.apply(tasks.heapLimit)).toBeLessThan(300);
      const options = make({ execArgv: ['--no-deprecation'] });
      expect(await options.apply(tasks.options)).toContain('--no-deprecation');
    });

    it('broadcast reaches each, also those that are coming up or busy', async () => {
      const pool = make({ processes: 2 });
      const workers = await pool.broadcast(tasks.setState, ['new']);
      expect(new Set(workers).size).toBe(2);
      expect(await pool.broadcast(tasks.readState)).toEqual(['new', 'new']);
      await expect(pool.broadcast(tasks.fail, ['no'])).rejects.toThrow('no');
    });

    it('several tasks at once in one worker', async () => {
      const board = new Board();
      const pool = make({ tasksPerWorker: 3 });
      const calls = [1, 2, 3].map((n) => pool.apply(tasks.hold, [board, n]));
      await board.until(0, 3);
      board.set(1, 1);
      expect(await Promise.all(calls)).toEqual([1, 2, 3]);
      expect(await pool.map(tasks.addLater, [1, 2], { chunksize: 1 })).toHaveLength(2);
    });

    it('timers of theirs run while they have nothing to do, and while they have much', async () => {
      const pool = make();
      await pool.apply(tasks.startTicking);
      const ticksGrow = async () => {
        const before = await pool.apply(tasks.readTicks);
        await eventually(async () => (await pool.apply(tasks.readTicks)) > before, LIMIT, 'a tick');
      };
      await ticksGrow();
      await pool.map(
        tasks.square,
        Array.from({ length: 5000 }, (_, i) => i),
        { chunksize: 1 },
      );
      await ticksGrow();
    });

    it('pools nest', async () => {
      const pool = make();
      expect(await pool.apply(tasks.nested, [2, startMethod, [1, 2, 3]])).toEqual([1, 4, 9]);
      const wide = make({ processes: 2 });
      expect(await wide.apply(tasks.nestedDefault)).toBe(1);
    });

    it('pools in pools without end are refused', async () => {
      const pool = make();
      expect(await errorOf(pool.apply(tasks.nestForever, [0]))).toMatchObject({
        code: 'ERR_POOL_BUDGET',
      });
      const error = await errorOf(pool.apply(tasks.nested, [600, startMethod, [1]]));
      expect(error).toMatchObject({ code: 'ERR_POOL_BUDGET' });
    });
  });

  describe('what is told', () => {
    it('events, and the same on diagnostics channels', async () => {
      const events = ['workerCreate', 'workerDestroy', 'taskError', 'error', 'close'];
      const heard: [string, unknown][] = [];
      let pool: Pool | undefined;
      const listeners = events.map((event) => {
        const name = `multiproc.pool.${event}`;
        const listener = (message: unknown) => {
          const { pool: teller, detail } = message as { pool: Pool; detail: unknown };
          // Before the constructor has returned, nobody knows the pool.
          if (pool === undefined || teller === pool) heard.push([event, detail]);
        };
        subscribe(name, listener);
        return () => unsubscribe(name, listener);
      });
      try {
        pool = make();
        const by: unknown[] = [];
        for (const event of events.slice(1)) pool.on(event, (detail) => by.push([event, detail]));
        const callback = () => {
          throw new Error('in a callback');
        };
        await pool.applyAsync(tasks.square, [1], { callback });
        await pool.applyAsync(tasks.fail, ['unheard']).wait();
        pool.close();
        await pool.join();
        expect(heard).toMatchObject([
          ['workerCreate', { name: 'PoolWorker-1', pid: expect.any(Number) }],
          ['error', { message: 'in a callback' }],
          [
            'taskError',
            { task: expect.stringMatching(/^fail of file:/), error: TypeError('unheard') },
          ],
          ['workerDestroy', { name: 'PoolWorker-1', exitCode: 0, error: undefined }],
          ['close', undefined],
        ]);
        expect(by).toEqual(heard.slice(1));
      } finally {
        for (const stop of listeners) stop();
      }
    });

    it('callbacks, progress and input run in the asynchronous context of the call', async () => {
      const pool = make();
      const storage = new AsyncLocalStorage<string>();
      await storage.run('another', () => pool.apply(tasks.square, [1]));
      const seen: unknown[] = [];
      const note = () => seen.push(storage.getStore());
      await storage.run('apply', () =>
        pool.applyAsync(tasks.report, [2], { onProgress: note, callback: note }),
      );
      await storage.run('error', () =>
        pool.applyAsync(tasks.fail, ['no'], { errorCallback: note }).wait(),
      );
      await storage.run('map', () => pool.map(tasks.report, [1], { onProgress: note }));
      function* input() {
        for (let i = 0; i < 3; i++) {
          note();
          yield 1;
        }
      }
      const results = storage.run('imap', () =>
        pool.imap(tasks.report, input(), { buffersize: 1, onProgress: note }),
      );
      for await (const isTask of results) expect(isTask).toBe(true);
      expect(seen).toEqual([
        ...['apply', 'apply', 'apply', 'error', 'map'],
        ...['imap', 'imap', 'imap', 'imap', 'imap', 'imap'],
      ]);
    });
  });

  it('a pool whose third worker cannot be started ends the first two [177]', async () => {
    const { start } = Process.prototype;
    const started: Process[] = [];
    Process.prototype.start = function startTwo() {
      if (started.length === 2) throw new Error('no more');
      start.call(this);
      started.push(this);
    };
    try {
      expect(() => make({ processes: 3 })).toThrow('no more');
    } finally {
      Process.prototype.start = start;
    }
    expect(started.length).toBe(2);
    for (const process of started) expect(await process.join({ timeout: LIMIT })).toBe(true);
  });

  it('a transferred buffer is empty afterwards, and arrives', async () => {
    const pool = make();
    const bytes = new Uint8Array(1000).fill(7);
    const call = pool.apply(tasks.length, [bytes], { transfer: [bytes.buffer] });
    expect(bytes.length).toBe(0);
    expect(await call).toBe(1000);
  });

  it('arguments that a worker was given and that were taken back leave nothing in shared memory', async () => {
    const { arena } = currentFamily();
    const board = new Board();
    const pool = make({ tasksPerWorker: 8 });
    await pool.apply(tasks.length, ['']);
    const held = pool.apply(tasks.holdSync, [board, 1]);
    await board.until(0, 1);
    const before = arena.used;
    const controller = new AbortController();
    const { signal } = controller;
    const text = 'x'.repeat(5000);
    const calls = [1, 2, 3].map(() => errorOf(pool.apply(tasks.length, [text], { signal })));
    expect(arena.used).toBeGreaterThan(before);
    controller.abort(new Error('taken back'));
    for (const error of await Promise.all(calls)) expect(error.message).toBe('taken back');
    expect(arena.used).toBeLessThanOrEqual(before);
    board.set(1, 1);
    expect(await held).toBe(1);
  });

  it('arguments and results leave nothing in shared memory [168]', async () => {
    const { arena } = currentFamily();
    const pool = make({ processes: 2 });
    const text = 'x'.repeat(5000);
    await pool.broadcast(tasks.echo, [text]);
    const before = arena.used;
    for (let i = 0; i < 20; i++) {
      await Promise.all(Array.from({ length: 50 }, () => pool.apply(tasks.echo, [text])));
    }
    expect(arena.used).toBeLessThanOrEqual(before);
  });
}
