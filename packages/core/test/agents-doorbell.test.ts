import { once } from 'node:events';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { blockAsync, currentFamily, EventCount, SLOT } from '@multiproc/core';
import { eventually, spawnProgram, within } from '@multiproc/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { Cell } from './fixtures/family-cell.js';
import { killMembers, openFiles, program, spawnMember } from './fixtures/family-spawn.js';

const folder = mkdtempSync(join(tmpdir(), 'doorbell-'));

afterAll(async () => {
  await killMembers();
  rmSync(folder, { recursive: true });
});

interface Told {
  readonly id: number;
  readonly bell: number;
  readonly isDead: boolean | undefined;
}

async function startWorker(workerData: object): Promise<{ worker: Worker; told: Told }> {
  const worker = new Worker(new URL('./fixtures/agents-worker.js', import.meta.url), {
    workerData,
  });
  const [told] = await once(worker, 'message');
  return { worker, told };
}

/** Opens files of a user until one of them has this number. */
function occupy(fd: number): { file: number; others: number[] } {
  const others: number[] = [];
  for (;;) {
    const file = openSync(join(folder, `file-${others.length}`), 'w+');
    if (file === fd) return { file, others };
    others.push(file);
    if (others.length > 200) throw new Error(`${fd} is not free`);
  }
}

describe('the pipe that an agent listens to', () => {
  it('is not mistaken for a file of the user that has got its number', async () => {
    const family = currentFamily();
    const { worker, told } = await startWorker({ listen: true });
    // Terminated without a trace in the table: as seen by a ringer that comes just then.
    const slot = [SLOT.PID, SLOT.ARMED, SLOT.BELL_FD, SLOT.BELL_INODE, SLOT.BELL_DEVICE];
    const words = slot.map((word) => family.table.get(told.id, word));
    await worker.terminate();
    const { file, others } = occupy(told.bell);
    const ghost = family.table.claim({ parent: family.agent.id, flags: 0, name: 'ghost' });
    for (const [i, word] of slot.entries()) family.table.set(ghost, word, words[i] as number);
    family.table.set(ghost, SLOT.ARMED, ghost);
    family.agent.ring(-1);
    expect(family.table.get(ghost, SLOT.ARMED)).toBe(0);
    expect(fstatSync(file).size).toBe(0);
    family.reaper.reap(ghost);
    for (const fd of [file, ...others]) closeSync(fd);
  });

  it('is closed once: a file of the user that has got its number stays open', async () => {
    const { worker, told } = await startWorker({ listen: true, close: true });
    await eventually(
      () => {
        const { file, others } = occupyOrGiveUp(told.bell);
        others.forEach(closeSync);
        if (file === undefined) return false;
        kept = file;
        return true;
      },
      20_000,
      'the worker has closed its pipe',
    );
    worker.postMessage('end');
    await once(worker, 'exit');
    expect(writeSync(kept, 'still mine')).toBe(10);
    closeSync(kept);
  });
});

let kept = -1;

function occupyOrGiveUp(fd: number): { file: number | undefined; others: number[] } {
  const others: number[] = [];
  for (let i = 0; i < 40; i++) {
    const file = openSync(join(folder, `late-${i}`), 'w+');
    if (file === fd) return { file, others };
    others.push(file);
  }
  return { file: undefined, others };
}

it('an agent that awaits looks again when who should have rung was killed before it did', async () => {
  const { agent, arena, memory, table } = currentFamily();
  const index = arena.allocate(64) / 4;
  memory.words.fill(0, index, index + 16);
  const attempt = { take: () => (Atomics.load(memory.words, index) === 1 ? 'seen' : undefined) };
  const result = blockAsync(agent.pending, new EventCount(memory, index + 1), attempt, {});
  expect(table.get(agent.id, SLOT.ARMED)).toBe(agent.id);
  // What a waker does, up to the point where it is killed: bits taken, bell disarmed, no ring.
  Atomics.store(memory.words, index, 1);
  Atomics.store(memory.words, index + 2, 0);
  table.set(agent.id, SLOT.ARMED, 0);
  expect(await within(20_000, result, 'the look')).toBe('seen');
});

it('an agent without a descriptor left for its pipe awaits all the same', async () => {
  const limited = spawnProgram(new URL('./fixtures/doorbell-exhausted.js', import.meta.url), [], {
    execPath: '/bin/sh',
    execArgv: ['-c', `ulimit -n 64; exec "${process.execPath}" "$0"`],
  });
  const { code, stdout } = await limited.exited;
  expect({ code, lines: stdout.split('\n') }).toEqual({
    code: 0,
    lines: ['EMFILE', 'served', 'served', ''],
  });
});

it('a sleeper that was killed costs one needless wake-up, and no more', async () => {
  const { agent, arena, memory } = currentFamily();
  const index = arena.allocate(64) / 4;
  memory.words.fill(0, index, index + 16);
  const events = new EventCount(memory, index);
  const member = spawnMember('agents-sleeper.js', index);
  await eventually(() => Atomics.load(memory.words, index + 1) !== 0, 20_000, 'it sleeps');
  await member.kill();
  events.wake(agent, false);
  expect(events.sequence).toBe(1);
  events.wake(agent, false);
  expect(events.sequence).toBe(1);
});

it('a process that ends by itself leaves its place, and what it referred to, at once', async () => {
  const { table, arena } = currentFamily();
  const tenants = [...table.tenants()];
  const cell = new Cell();
  const { handle } = cell;
  const keeper = spawnMember('family-keeper.js', handle);
  await keeper.line('attached');
  cell.add(0);
  cell[Symbol.dispose]();
  const { used } = arena;
  expect([...table.tenants()].length).toBe(tenants.length + 1);
  keeper.write('\n');
  expect((await keeper.exited).code).toBe(0);
  expect([...table.tenants()]).toEqual(tenants);
  expect(() => Cell.from(handle)).toThrowError(/has been freed/);
  expect(arena.used).toBe(used - 128 - 512);
});

it('40 terminated workers, listening and watching another process, leave nothing open and no place', async () => {
  const family = currentFamily();
  const holder = spawnMember('agents-holder.js');
  const watch = Number(await holder.line(/\d/));
  const warmUp = await startWorker({ listen: true, watch });
  await warmUp.worker.terminate();
  const before = openFiles();
  const tenants = [...family.table.tenants()];
  for (let round = 0; round < 10; round++) {
    const four = await Promise.all([1, 2, 3, 4].map(() => startWorker({ listen: true, watch })));
    expect(four.map(({ told }) => told.isDead)).toEqual([false, false, false, false]);
    // A ring opens the pipe here, too: that descriptor may stay until there are many.
    await Promise.all(four.map(({ worker }) => worker.terminate()));
  }
  expect(openFiles()).toEqual(before);
  expect([...family.table.tenants()]).toEqual(tenants);
  expect(family.table.high).toBeLessThan(16);
});

it('a thread that has opened its doorbell still loads a linked package once', async () => {
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  for (const name of ['first', 'second']) {
    writeFileSync(join(folder, 'real', `${name}.mjs`), 'export const loaded = true;\n');
  }
  const exit = await spawnProgram(program('doorbell-linked.js'), [folder]).exited;
  expect(exit).toMatchObject({ code: 0, stdout: 'same\n', stderr: '' });
});
