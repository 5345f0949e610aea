import { currentFamily } from '@multiproc/core';
import {
  asCompleted,
  type Future,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
} from '@multiproc/executor';
import { activeChildren } from '@multiproc/process';
import { Board, eventually, Leftovers, SeededRandom, within } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as tasks from './fixtures/tasks.js';

const KILLS = 25;
/** Calls that end between two kills. */
const BETWEEN = 30;
const LIMIT = 60_000;

// The family of this process stays as long as the process.
const { arena, table } = currentFamily();
const leftovers = new Leftovers();
const isWorker = ({ name }: { name: string }) => name.startsWith('PoolWorker-');

describe.each([ProcessPoolExecutor, ThreadPoolExecutor])('%o', (Executor) => {
  it(`each future is settled exactly once although workers are killed ${KILLS} times under load`, async () => {
    const random = new SeededRandom(`executor kills ${Executor.name}`);
    const board = new Board();
    const state = () => ({ agents: [...table.tenants()].length, used: arena.used });
    const before = state();
    const executor = new Executor({ maxWorkers: 2 });
    const tally = { submitted: 0, settled: 0, ok: 0, died: 0, cancelled: 0 };
    const wrong: unknown[] = [];
    const judge = async (future: Future<unknown>, expected: unknown) => {
      const error = await future.exception().catch((reason: unknown) => reason);
      const code = (error as { code?: unknown } | null)?.code;
      if (future.cancelled()) tally.cancelled++;
      else if (code === 'ERR_WORKER_DIED') tally.died++;
      else if (error) wrong.push(error);
      else if ((await future.result()) === expected) tally.ok++;
      else wrong.push(await future.result());
    };
    const begin = (n: number): [Future<unknown>, unknown] => {
      if (n % 3 === 0) return [executor.submit(tasks.add, n, 1), n + 1];
      if (n % 3 === 1) return [executor.submit(tasks.count, board, n), n];
      return [executor.submit(tasks.square, n), n * n];
    };
    let kills = 0;
    let next = 0;
    const isOver = () => kills >= KILLS || wrong.length > 0;
    const load = Array.from({ length: 50 }, async () => {
      while (!isOver()) {
        const [future, expected] = begin(next++);
        tally.submitted++;
        future.addDoneCallback(() => tally.settled++);
        if (random.chance(0.05)) future.cancel();
        await judge(future, expected);
      }
    });
    while (!isOver()) {
      const enough = tally.settled + random.integer(0, BETWEEN);
      await eventually(() => tally.settled >= enough, LIMIT, 'calls end');
      const [victim] = random.shuffle(activeChildren().filter(isWorker));
      if (!victim) continue;
      if (random.chance(0.5)) victim.kill();
      else victim.terminate();
      kills++;
    }
    await within(LIMIT, Promise.all(load), 'every future is settled');
    expect(wrong).toEqual([]);
    expect(tally.settled).toBe(tally.submitted);
    expect(tally.ok + tally.died + tally.cancelled).toBe(tally.submitted);
    expect(tally.ok).toBeGreaterThan(tally.died);

    // The last calls are under way when all workers are killed at once.
    const last = Array.from({ length: 20 }, (_, i) => executor.submit(tasks.square, i));
    const settled: Future<unknown>[] = [];
    executor.killWorkers();
    for await (const future of asCompleted(last, { timeout: LIMIT })) settled.push(future);
    expect(new Set(settled)).toEqual(new Set(last));
    await within(LIMIT, executor.shutdown(), 'the workers are reaped');
    board[Symbol.dispose]();
    const isClean = () =>
      state().agents === before.agents && state().used <= before.used + 4096 * KILLS;
    await eventually(isClean, LIMIT, `clean: ${JSON.stringify(before)}`);
    await eventually(() => leftovers.list().length === 0, LIMIT, 'nothing is left');
  });
});
