import { Pool, type PoolOptions, WorkerDiedError } from '@multiproc/pool';
import type { StartMethod } from '@multiproc/process';
import { Board, eventually } from '@multiproc/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tasks from '../fixtures/tasks.js';
import { errorOf } from './errors.js';

/** What happens when workers die, are cancelled and replaced, for one kind of workers. */
export function crashSuite(startMethod: StartMethod): void {
  const own: Pool[] = [];
  const make = (options: PoolOptions = {}) => {
    const made = new Pool({ processes: 1, startMethod, grace: 50, ...options });
    own.push(made);
    return made;
  };

  afterEach(async () => {
    for (const made of own.splice(0)) {
      made.terminate();
      await made.join();
    }
  });

  describe('the death of a worker', () => {
    it('rejects the task that it ran, with exit code and hint, and no other [248]', async () => {
      const pool = make({ processes: 2 });
      const calls = [1, 2, 3].map((x) => pool.apply(tasks.square, [x]));
      const dying = errorOf(pool.apply(tasks.exit, [7]));
      calls.push(...[4, 5, 6].map((x) => pool.apply(tasks.square, [x])));
      expect(await Promise.all(calls)).toEqual([1, 4, 9, 16, 25, 36]);
      const error = (await dying) as WorkerDiedError;
      expect(error).toBeInstanceOf(WorkerDiedError);
      expect(error).toMatchObject({ code: 'ERR_WORKER_DIED', exitCode: 7, signal: null });
      expect(error.worker).toMatch(/^PoolWorker-\d$/);
      expect(error.task).toMatch(/^exit of file:/);
      expect(error.message).toContain('process.exit()');
    });

    it('does not keep close and join from ending [248]', async () => {
      const pool = make({ processes: 2 });
      const ends = [0, 1, 2].map((code) => errorOf(pool.apply(tasks.exit, [code])));
      pool.close();
      expect(await pool.join({ timeout: 20_000 })).toBe(true);
      expect((await Promise.all(ends)).map((end) => (end as WorkerDiedError).exitCode)).toEqual([
        0, 1, 2,
      ]);
    });

    it('rejects a map that lost a chunk, and the pool goes on with a new worker', async () => {
      const pool = make();
      const before = await pool.apply(tasks.worker);
      const destroyed: unknown[] = [];
      pool.on('workerDestroy', (facts) => destroyed.push(facts));
      await expect(pool.map(tasks.exit, [3])).rejects.toMatchObject({ exitCode: 3 });
      expect(await pool.apply(tasks.worker)).not.toBe(before);
      expect(destroyed).toMatchObject([{ exitCode: 3, error: { code: 'ERR_WORKER_DIED' } }]);
    });

    it('by an uncaught error outside of the task counts as death', async () => {
      const pool = make();
      await expect(pool.apply(tasks.crashLater)).rejects.toMatchObject({ exitCode: 1 });
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });

    it('by lack of memory is told as such', async () => {
      const pool = make({ resourceLimits: { maxOldGenerationSizeMb: 16 } });
      const error = (await errorOf(pool.apply(tasks.fillHeap))) as WorkerDiedError;
      expect(error.code).toBe('ERR_WORKER_DIED');
      expect(error.message).toMatch(/memory|heap/);
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });

    it('runs a task again as often as retries allows', async () => {
      const board = new Board();
      const pool = make({ retries: 2 });
      expect(await pool.apply(tasks.dieUntil, [board, 2])).toBe(3);
      board.set(0, 0);
      const error = await errorOf(pool.apply(tasks.dieUntil, [board, 9], { retries: 1 }));
      expect(error).toMatchObject({ code: 'ERR_WORKER_DIED', exitCode: 7 });
      expect(board.get(0)).toBe(2);
    });

    it('gives what waited behind it to others, large arguments too', async () => {
      const board = new Board();
      const pool = make();
      await pool.map(tasks.square, [1, 2, 3, 4], { chunksize: 1 });
      const held = errorOf(pool.apply(tasks.never, [board]));
      await board.until(0, 1);
      const big = new Uint8Array(200_000);
      const calls = [1, 2, 3].map((x) => pool.apply(tasks.square, [x]));
      const large = pool.apply(tasks.length, [big]);
      for (const process of pool.processes) process.kill();
      expect(await held).toMatchObject({ code: 'ERR_WORKER_DIED' });
      expect(await Promise.all(calls)).toEqual([1, 4, 9]);
      expect(await large).toBe(200_000);
    });

    it.runIf(startMethod === 'spawn')('by a signal is told with its name', async () => {
      const pool = make();
      for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
        const error = await errorOf(pool.apply(tasks.dieBySignal, [signal]));
        expect(error).toMatchObject({ code: 'ERR_WORKER_DIED', signal });
      }
    });
  });

  describe('cancelling', () => {
    it('a signal takes back what has not begun, and harms nobody [14]', async () => {
      const board = new Board();
      const pool = make();
      const before = await pool.apply(tasks.worker);
      const held = pool.apply(tasks.hold, [board, 1]);
      await board.until(0, 1);
      const controller = new AbortController();
      const waiting = pool.apply(tasks.count, [board, 5, 1], { signal: controller.signal });
      const other = pool.apply(tasks.square, [4]);
      controller.abort('not needed');
      await expect(waiting).rejects.toBe('not needed');
      board.set(1, 1);
      expect([await held, await other, board.get(5)]).toEqual([1, 16, 0]);
      expect(await pool.apply(tasks.worker)).toBe(before);
      const aborted = AbortSignal.abort('before');
      await expect(pool.apply(tasks.square, [1], { signal: aborted })).rejects.toBe('before');
    });

    it.each([tasks.spinUntilAborted, tasks.waitUntilAborted])(
      'a running task hears of it and its worker lives on: %o [13, 16]',
      async (task) => {
        const board = new Board();
        const pool = make({ grace: 20_000 });
        const before = await pool.apply(tasks.worker);
        const controller = new AbortController();
        const call = pool.apply(task as (board: Board) => unknown, [board], {
          signal: controller.signal,
        });
        await board.until(0, 1);
        controller.abort(new Error('stop'));
        await expect(call).rejects.toThrow('stop');
        await board.until(2, 1);
        expect(await pool.apply(tasks.worker)).toBe(before);
      },
    );

    it('a worker whose task does not stop is replaced, and its neighbours are not harmed [14]', async () => {
      const board = new Board();
      const pool = make({ processes: 2 });
      await pool.broadcast(tasks.square, [1]);
      const controller = new AbortController();
      const call = pool.apply(tasks.spin, [board], { signal: controller.signal });
      await board.until(0, 1);
      const others = Array.from({ length: 50 }, (_, x) => pool.apply(tasks.square, [x]));
      controller.abort('stop');
      await expect(call).rejects.toBe('stop');
      await Promise.all(others);
      await eventually(() => pool.stats().busy === 0, 20_000, 'the spinning worker is gone');
      expect(await pool.map(tasks.square, [1, 2, 3])).toEqual([1, 4, 9]);
    });

    it.each(['signal', 'timeout'] as const)(
      'a task that blocks its thread in a wait is given up by %s, and its worker replaced',
      async (how) => {
        const board = new Board();
        const pool = make();
        const before = await pool.apply(tasks.worker);
        const controller = new AbortController();
        const options = how === 'signal' ? { signal: controller.signal } : { timeout: 50 };
        const call = errorOf(pool.apply(tasks.blockForEver, [board], options));
        // With a time-out, the task may be given up before it has come to tell that it has begun.
        if (how === 'signal') await board.until(0, 1);
        const behind = pool.apply(tasks.square, [3]);
        controller.abort(new Error('stop'));
        const message = how === 'signal' ? 'stop' : expect.stringContaining('its timeout of 50 ms');
        expect(await call).toMatchObject({ message });
        expect(await behind).toBe(9);
        expect(await pool.apply(tasks.worker)).not.toBe(before);
      },
    );

    it('timeout counts from the start of the task, not from the call [15]', async () => {
      const board = new Board();
      const pool = make({ grace: 20_000 });
      const first = pool.apply(tasks.hold, [board, 1]);
      await board.until(0, 1);
      const second = pool.applyAsync(tasks.count, [board, 5, 25], { timeout: 30 });
      const third = pool.applyAsync(tasks.never, [board], { timeout: 30 });
      await expect(third.get({ timeout: 500 })).rejects.toMatchObject({
        message: expect.stringContaining('within 500 ms'),
      });
      expect(second.ready()).toBe(false);
      board.set(1, 1);
      expect(await first).toBe(1);
      // It has begun. Whether its worker is fast enough for 30 ms is another matter.
      await board.until(5, 1);
      const error = await errorOf(third.get());
      expect(error).toMatchObject({ code: 'ERR_TIMEOUT' });
      expect(error.message).toMatch(/never of file:.* of 30 ms/);
    });

    it('a map with a signal gives all its chunks up', async () => {
      const board = new Board();
      const pool = make();
      const controller = new AbortController();
      const call = pool.map(tasks.hold as (board: Board) => unknown, [board, board, board], {
        chunksize: 1,
        signal: controller.signal,
      });
      await board.until(0, 1);
      controller.abort('all');
      await expect(call).rejects.toBe('all');
      board.set(1, 1);
      expect(await pool.apply(tasks.square, [2])).toBe(4);
      expect(board.get(0)).toBe(1);
    });

    it('of one of several tasks in a worker leaves the others alone', async () => {
      const board = new Board();
      const pool = make({ tasksPerWorker: 3, grace: 200 });
      const held = pool.apply(tasks.hold, [board, 1]);
      const controller = new AbortController();
      const call = pool.apply(tasks.never, [board], { signal: controller.signal });
      await board.until(0, 2);
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        controller.abort('stop');
        await expect(call).rejects.toBe('stop');
        // The end of the worker is put off because of the other task, ten times at the most.
        vi.advanceTimersByTime(10 * 200);
        board.set(1, 1);
        expect(await held).toBe(1);
        vi.advanceTimersByTime(200);
      } finally {
        vi.useRealTimers();
      }
      expect(await pool.apply(tasks.square, [3])).toBe(9);
    });
  });

  describe('order and place', () => {
    it('higher priorities are begun first', async () => {
      const board = new Board();
      const pool = make();
      const held = pool.apply(tasks.hold, [board, 1]);
      await board.until(0, 1);
      const order: number[] = [];
      const calls = [0, 5, -1, 5, 9].map((priority) =>
        pool.apply(tasks.echo, [priority], { priority }).then(() => order.push(priority)),
      );
      board.set(1, 1);
      await Promise.all([held, ...calls]);
      expect(order).toEqual([9, 5, 5, 0, -1]);
    });

    it('tasks of one key run on one worker, also after others came between', async () => {
      const pool = make({ processes: 3 });
      const keys = ['a', 'b', 7, 'd', 'e'];
      const calls = Array.from({ length: 100 }, (_, i) =>
        pool.apply(tasks.worker, [], { affinity: keys[i % 5] }),
      );
      const workers = await Promise.all(calls);
      for (let key = 0; key < 5; key++) {
        expect(new Set(workers.filter((_, i) => i % 5 === key)).size).toBe(1);
      }
      expect(new Set(workers).size).toBeGreaterThan(1);
    });

    it('what waits behind a long task goes to a worker that is idle', async () => {
      const board = new Board();
      const pool = make({ processes: 2 });
      await pool.map(
        tasks.square,
        Array.from({ length: 200 }, (_, i) => i),
        { chunksize: 1 },
      );
      const calls = [
        pool.apply(tasks.hold, [board, 1]),
        ...Array.from({ length: 40 }, (_, i) => pool.apply(tasks.square, [i])),
      ];
      await Promise.all(calls.slice(1));
      board.set(1, 1);
      expect(await calls[0]).toBe(1);
    });
  });

  describe('progress', () => {
    it('arrives in order, all of it, before the result', async () => {
      const pool = make({ tasksPerWorker: 2 });
      const heard: unknown[] = [];
      const onProgress = (value: unknown) => heard.push(value);
      expect(await pool.apply(tasks.report, [500], { onProgress })).toBe(true);
      expect(heard).toEqual(Array.from({ length: 500 }, (_, i) => ({ i: i + 1 })));
      heard.length = 0;
      const calls = ['x', 'y'].map((tag) =>
        pool.apply(tasks.reportLater, [100, tag], { onProgress }),
      );
      await Promise.all(calls);
      expect(heard.length).toBe(200);
      const ofX = heard.filter((value) => (value as string[])[0] === 'x');
      expect(ofX).toEqual(Array.from({ length: 100 }, (_, i) => ['x', i + 1]));
    });

    it('in a worker with one task at a time, too, and outside of a pool it does nothing', async () => {
      const pool = make();
      const heard: unknown[] = [];
      const onProgress = (value: unknown) => heard.push(value);
      await pool.apply(tasks.reportLater, [3, 'z'], { onProgress });
      expect(heard).toEqual([
        ['z', 1],
        ['z', 2],
        ['z', 3],
      ]);
      expect(tasks.report(2)).toBe(false);
    });

    it('a callback that throws is reported, and the task goes on', async () => {
      const pool = make();
      const errors: unknown[] = [];
      pool.on('error', (error) => errors.push(error));
      const onProgress = () => {
        throw new Error('in progress');
      };
      expect(await pool.apply(tasks.report, [2], { onProgress })).toBe(true);
      expect(errors).toMatchObject([{ message: 'in progress' }, { message: 'in progress' }]);
    });
  });
}
