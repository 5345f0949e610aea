import { existsSync } from 'node:fs';
import { currentFamily } from '@multiproc/core';
import { activeChildren, Process } from '@multiproc/process';
import {
  eventually,
  Leftovers,
  reapAll,
  SeededRandom,
  type SpawnedProgram,
  spawnProgram,
  within,
} from '@multiproc/testing';
import { afterEach, expect, it } from 'vitest';
import * as targets from './fixtures/targets.js';

const LIMIT = 60_000;
const FAMILY = new URL('./fixtures/programs/family.js', import.meta.url);

// The family of this process stays as long as the process.
const { table, arena } = currentFamily();
const leftovers = new Leftovers();

afterEach(async () => {
  for (const child of activeChildren()) child.kill();
  for (const child of activeChildren()) await child.join();
  await reapAll();
});

const nothingIsLeft = () =>
  eventually(() => leftovers.list().length === 0, LIMIT, `gone: ${leftovers.list()}`);

async function withDaemons(task: string, method: string): Promise<SpawnedProgram> {
  const started = spawnProgram(FAMILY, [task, method]);
  for (const line of ['spins', 'spins as well', 'acquires', 'is ready']) {
    await within(LIMIT, started.line(new RegExp(`^${line}$`)), line);
  }
  return started;
}

it.each(['waitsWithDaemons', 'daemonsFromThread'])(
  '%s: daemons, busy or blocked, do not outlive a parent that is killed [241]',
  async (task) => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const started = await withDaemons(task, 'spawn');
      await started.kill(signal);
      await nothingIsLeft();
    }
  },
);

it('daemons end with the thread that started them', async () => {
  const started = await withDaemons('threadWithDaemonsEnds', 'spawn');
  const line = await within(LIMIT, started.line('daemons'), 'the pids');
  const pids = line.split(' ').slice(1).map(Number);
  process.kill(started.pid, 'SIGUSR2');
  await within(LIMIT, started.line('terminated'), 'the thread has ended');
  await eventually(() => pids.every((pid) => !isRunning(pid)), LIMIT, 'the daemons have ended');
  await started.kill();
  await nothingIsLeft();
});

it('processes of a thread that was killed leave no zombies while their parent lives', async () => {
  const started = spawnProgram(FAMILY, ['threadWithProcessesIsKilled', 'spawn']);
  const line = await within(LIMIT, started.line('started'), 'the pids');
  const [first, second, daemon] = line.split(' ').slice(1).map(Number) as [number, number, number];
  const isThere = (pid: number) => existsSync(`/proc/${pid}`);
  process.kill(started.pid, 'SIGUSR2');
  await within(LIMIT, started.line('killed'), 'the thread has been killed');
  await eventually(() => !isThere(daemon), LIMIT, 'the daemon has gone with the thread');
  expect([first, second].map(isThere)).toEqual([true, true]);
  for (const pid of [first, second]) process.kill(pid, 'SIGTERM');
  await eventually(() => !isThere(first) && !isThere(second), LIMIT, 'both have been reaped');
  expect(isThere(started.pid)).toBe(true);
  await started.kill();
  await nothingIsLeft();
});

it('threads that are killed while they start processes end, and nothing else does', async () => {
  const started = spawnProgram(FAMILY, ['killsStarters', 'spawn']);
  const { code, signal, stdout } = await within(LIMIT, started.exited, 'the end of the program');
  expect([code, signal]).toEqual([0, null]);
  expect(stdout).toContain('all have ended');
  await nothingIsLeft();
});

it('a child that is no daemon outlives a killed parent, and notices [5]', async () => {
  const started = spawnProgram(FAMILY, ['leavesWatcher', 'spawn']);
  await within(LIMIT, started.line('watches'), 'the child watches');
  const line = within(LIMIT, started.line('the parent has ended'), 'the child notices');
  started.child.kill('SIGKILL');
  await line;
  await nothingIsLeft();
});

it('children that are killed at any point leave no place, block or descriptor behind', async () => {
  const random = new SeededRandom('process kills');
  const state = () => ({ agents: [...table.tenants()].length, used: arena.used });
  const before = state();
  for (let round = 0; round < 40; round++) {
    const startMethod = round % 2 === 0 ? 'spawn' : 'thread';
    const argument = 'x'.repeat(random.integer(0, 200_000));
    const child = new Process({ target: targets.sleep, args: [argument], startMethod });
    child.start();
    await new Promise((resolve) => setTimeout(resolve, random.integer(0, 90)));
    const how = random.chance(0.5) ? 'kill' : 'terminate';
    child[how]();
    const isBlocking = random.chance(0.5);
    const isGone = isBlocking
      ? child.joinSync({ timeout: LIMIT })
      : await child.join({ timeout: LIMIT });
    expect(isGone).toBe(true);
    expect(child.exitCode).toBe(how === 'kill' ? -9 : -15);
  }
  expect(state()).toEqual(before);
  await nothingIsLeft();
});

function isRunning(pid: number): boolean {
  return leftovers.list().some((line) => line.startsWith(`process ${pid}:`));
}
