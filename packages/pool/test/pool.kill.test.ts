import { currentFamily } from '@multiproc/core';
import { Pool } from '@multiproc/pool';
import { Board, eventually, Leftovers, SeededRandom } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as tasks from './fixtures/tasks.js';

/** Of processes; as many again of threads. */
const KILLS = 100;
/** Tasks that end between two kills. */
const BETWEEN = 40;
const LIMIT = 60_000;

// The family of this process stays as long as the process.
const { arena, table } = currentFamily();
const leftovers = new Leftovers();

describe.each(['spawn', 'thread'] as const)('workers started by %s', (startMethod) => {
  it('each task settles exactly once although workers are killed 100 times under load', async () => {
    const random = new SeededRandom(`pool kills ${startMethod}`);
    const board = new Board();
    const state = () => ({ agents: [...table.tenants()].length, used: arena.used });
    const before = state();
    const pool = new Pool({ processes: 2, startMethod, spares: 1 });
    const tally = { ok: 0, died: 0, wrong: 0, submitted: 0 };
    const unexpected: unknown[] = [];
    let kills = 0;
    const large = 'x'.repeat(3000);
    const call = async (n: number) => {
      tally.submitted++;
      const kind = n % 4;
      try {
        if (kind === 0) tally[(await pool.apply(tasks.add, [n, 1])) === n + 1 ? 'ok' : 'wrong']++;
        else if (kind === 1) {
          const [text, same] = await pool.apply(tasks.echo, [large, board]);
          tally[text === large && same === board ? 'ok' : 'wrong']++;
        } else if (kind === 2) {
          const list = await pool.map(tasks.square, [n, n + 1, n + 2], { chunksize: 1 });
          tally[list[2] === (n + 2) ** 2 ? 'ok' : 'wrong']++;
        } else {
          const sum = await pool.apply(tasks.addLater, [n, 1], { retries: 20 });
          tally[sum === n + 1 ? 'ok' : 'wrong']++;
        }
      } catch (error) {
        if ((error as { code: string }).code === 'ERR_WORKER_DIED') tally.died++;
        else unexpected.push(error);
      }
    };
    let next = 0;
    const load = Array.from({ length: 100 }, async () => {
      while (kills < KILLS && unexpected.length === 0) await call(next++);
    });
    while (kills < KILLS && unexpected.length === 0) {
      const settled = tally.ok + tally.died + random.integer(0, BETWEEN);
      await eventually(() => tally.ok + tally.died >= settled, LIMIT, 'tasks end');
      const [victim] = random.shuffle(pool.processes);
      if (!victim?.isAlive()) continue;
      if (random.chance(0.5)) victim.kill();
      else victim.terminate();
      kills++;
    }
    await Promise.all(load);
    expect(unexpected[0]).toBeUndefined();
    expect(tally.wrong).toBe(0);
    expect(tally.ok + tally.died).toBe(tally.submitted);
    expect(tally.ok).toBeGreaterThan(tally.died);
    pool.close();
    expect(await pool.join({ timeout: LIMIT })).toBe(true);
    board[Symbol.dispose]();
    const isClean = () =>
      state().agents === before.agents && state().used <= before.used + 4096 * KILLS;
    await eventually(isClean, LIMIT, `clean: ${JSON.stringify(before)}`);
    await eventually(() => leftovers.list().length === 0, LIMIT, 'nothing is left');
  });
});
