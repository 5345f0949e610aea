import { currentFamily } from '@multiproc/core';
import { Pool } from '@multiproc/pool';
import { collectGarbage } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as tasks from './fixtures/tasks.js';

/** Tasks of a run; 5 million of them, by hand, gave the same. */
const TASKS = Number(process.env.POOL_SOAK_TASKS ?? 300_000);
const IN_FLIGHT = 500;

describe.each(['spawn', 'thread'] as const)('workers started by %s', (startMethod) => {
  it('small tasks without end have exact results and need no more and more memory', async () => {
    const { arena } = currentFamily();
    const pool = new Pool({ processes: 2, startMethod });
    const sum = await run(pool, TASKS / 3);
    const before = { used: arena.used, heap: heapUsed() };
    expect(sum).toBe(expectedSum(TASKS / 3));
    expect(await run(pool, (2 * TASKS) / 3)).toBe(expectedSum((2 * TASKS) / 3));
    expect(arena.used).toBeLessThanOrEqual(before.used);
    expect(heapUsed() - before.heap).toBeLessThan(10 * 2 ** 20);
    const { completed, failed, pending, active } = pool.stats();
    expect({ completed, failed, pending, active }).toEqual({
      completed: TASKS,
      failed: 0,
      pending: 0,
      active: 0,
    });
    pool.close();
    await pool.join();
  });
});

async function run(pool: Pool, count: number): Promise<number> {
  let next = 0;
  let sum = 0;
  const worker = async () => {
    while (next < count) {
      // Not `sum += await`: that reads the sum before it waits.
      const result = await pool.apply(tasks.add, [next++, 1]);
      sum += result;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return sum;
}

function expectedSum(count: number): number {
  return (count * (count + 1)) / 2;
}

/** What is in use, without what is merely not collected yet. */
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
