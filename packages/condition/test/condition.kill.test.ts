import { Condition } from '@multiproc/condition';
import { currentFamily } from '@multiproc/core';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it, vi } from 'vitest';
import * as partners from './fixtures/partners.js';

const KILLS = 200;
const MEMBERS: [StartMethod, (...args: never[]) => unknown][] = [
  ['spawn', partners.waitForEver],
  ['thread', partners.waitForEverAsync],
  ['thread', partners.waitForEver],
  ['spawn', partners.waitForEverAsync],
  ['thread', partners.notifyForEver],
];

const { start } = partnersOf<StartMethod, Process>(Process);

it('kills of waiters, holders and notifiers hang nobody, lose no notification and leave nothing', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const random = new SeededRandom('condition kills');
  const [condition, board] = [new Condition(), new Board()];
  const { arena, table } = currentFamily();
  const agents = [...table.tenants()].length;
  const used = arena.used;

  const team: Process[] = [];
  const startAt = (position: number): void => {
    const word = partners.MEMBERS + position;
    board.set(word, 0);
    const [startMethod, target] = MEMBERS[position] as (typeof MEMBERS)[number];
    team[position] = start(startMethod, target, condition, board, word);
  };
  for (const position of MEMBERS.keys()) startAt(position);

  for (let kill = 0; kill < KILLS; kill++) {
    const position = random.integer(0, MEMBERS.length - 1);
    const victim = team[position] as Process;
    // Some victims die while they start, most while they wait, notify or hold the lock.
    if (random.chance(0.8)) await board.until(partners.MEMBERS + position, 1);
    for (let spin = random.integer(0, 20_000); spin > 0; spin--) board.get(partners.COUNT);
    const how = random.chance(0.7) ? 'kill' : 'terminate';
    victim[how]();
    const options = { timeout: 20_000 };
    const hold = random.chance(0.5)
      ? condition.acquireSync(options)
      : await condition.acquire(options);
    if (!hold) throw new Error('the lock is lost: nobody gets it any more');
    condition.notify();
    hold.release();
    await victim.join();
    expect(victim.exitCode).toBe(how === 'kill' ? -9 : -15);
    startAt(position);
  }

  // The living still serve each other: two calls wait, and both are notified, whatever died before.
  for (const member of team) member.kill();
  for (const member of team) await member.join();
  const results = [condition.runExclusive(() => condition.wait({ timeout: 20_000 }))];
  results.push(condition.runExclusive(() => condition.wait({ timeout: 20_000 })));
  await new Promise((resolve) => setImmediate(resolve));
  await condition.runExclusive(() => condition.notify(2));
  expect(await Promise.all(results)).toEqual([true, true]);
  // None is left over of those who died: nobody waited when their notifications were made.
  expect(await condition.runExclusive(() => condition.wait({ timeout: 150 }))).toBe(false);
  expect(board.get(partners.DONE)).toBeGreaterThan(KILLS);
  await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
  // A victim may leak the one block that it had just taken and not yet listed.
  expect(arena.used - used).toBeLessThanOrEqual(KILLS * 512);
  warn.mockRestore();
});
