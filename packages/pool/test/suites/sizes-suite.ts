import { currentFamily } from '@multiproc/core';
import { Pool, type PoolOptions } from '@multiproc/pool';
import type { StartMethod } from '@multiproc/process';
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
      expect(await limited.apply(tasks.heapLimit)).toBeLessThan(200);
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

  it('a transferred buffer is empty afterwards, and arrives', async () => {
    const pool = make();
    const bytes = new Uint8Array(1000).fill(7);
    const call = pool.apply(tasks.length, [bytes], { transfer: [bytes.buffer] });
    expect(bytes.length).toBe(0);
    expect(await call).toBe(1000);
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
