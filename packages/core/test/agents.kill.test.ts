import { currentFamily, SLOT } from '@multiproc/core';
import { reapAll, SeededRandom, spawnThread } from '@multiproc/testing';
import { afterAll, expect, it } from 'vitest';
import { killMembers, spawnMember } from './fixtures/family-spawn.js';

const PROCESSES = 60;
const THREADS = 120;
const AT_ONCE = 4;
const joiner = new URL('./fixtures/agents-worker.js', import.meta.url);

afterAll(async () => {
  await killMembers();
  await reapAll();
});

it('who joins as the 16th takes back the places of those who have ended unnoticed', async () => {
  const { table, agent, reaper } = currentFamily();
  while (table.high < 15) {
    const id = table.claim({ parent: agent.id, flags: 0, name: 'dead' });
    table.set(id, SLOT.PID, -1);
  }
  const member = spawnMember('agents-holder.js');
  const joined = Number(await member.line(/\d/));
  expect([...table.tenants()]).toEqual([agent.id, joined]);
  await member.kill();
  reaper.sweep();
});

it('agents killed while they start leave no place behind', async () => {
  const { table, agent, reaper } = currentFamily();
  const random = new SeededRandom('kills of starters');
  const pause = (most: number) =>
    new Promise((resolve) => setTimeout(resolve, random.integer(0, most)));
  let left = PROCESSES;
  const killProcesses = async () => {
    while (left-- > 0) {
      const member = spawnMember('agents-holder.js');
      await pause(110);
      await member.kill();
    }
  };
  let threads = THREADS;
  const killThreads = async () => {
    while (threads-- > 0) {
      const thread = spawnThread(joiner, { listen: true });
      await pause(60);
      await thread.kill();
    }
  };
  await Promise.all([killProcesses(), killProcesses(), killThreads(), killThreads()]);
  reaper.sweep();
  expect([...table.tenants()]).toEqual([agent.id]);
  const { high } = table;
  // A process keeps its place until others look, and whoever should look may be killed before it does.
  expect(high).toBeLessThanOrEqual(PROCESSES + AT_ONCE + 1);
  // Every place that was ever used can be used again.
  const ids = Array.from({ length: high - 1 }, () =>
    table.claim({ parent: agent.id, flags: 0, name: 'again' }),
  );
  expect(table.high).toBe(high);
  for (const id of ids) table.set(id, SLOT.PID, -1);
  reaper.sweep();
  expect([...table.tenants()]).toEqual([agent.id]);
});
