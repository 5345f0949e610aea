import { currentFamily, MutexWord, tryWithMutex } from '@multiproc/core';
import { expect, it, vi } from 'vitest';

it('an attempt gives up on an internal lock whose holder does not run, and gets it from a dead one', () => {
  const { agent, arena, memory, reaper, table } = currentFamily();
  const index = arena.allocate(64) / 4;
  memory.words.fill(0, index, index + 16);
  const mutex = new MutexWord(memory, index, agent);
  const stopped = table.claim({ parent: agent.id, flags: 0, name: 'stopped' });
  Atomics.store(memory.words, index, stopped);
  let runs = 0;
  expect(tryWithMutex(agent, mutex, () => ++runs)).toBeUndefined();
  expect(runs).toBe(0);
  expect(mutex.owner).toBe(stopped);
  // It is waited for once: a blocking wait attempts dozens of times before it sleeps.
  const sleep = vi.spyOn(memory, 'wait');
  for (let attempt = 0; attempt < 100; attempt++) tryWithMutex(agent, mutex, () => ++runs);
  expect(sleep).not.toHaveBeenCalled();
  expect(runs).toBe(0);
  reaper.reap(stopped);
  expect(tryWithMutex(agent, mutex, () => ++runs)).toBe(1);
  expect(mutex.owner).toBe(0);
});
