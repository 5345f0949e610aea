import { MutexWord, ThreadMemory } from '@multiproc/core';
import { afterEach, describe, expect, it, vi } from 'vitest';

let clock = 0;

afterEach(() => {
  vi.restoreAllMocks();
});

/** One lock as two agents see it, which live for ever; time passes as the test says. */
function twoAgents(): [MutexWord, MutexWord] {
  clock = 0;
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => BigInt(clock) * 1_000_000n);
  const memory = new ThreadMemory(new SharedArrayBuffer(4096), 0);
  const owners = (id: number) => ({ id, isGone: () => false, isDead: () => false, ring() {} });
  return [new MutexWord(memory, 100, owners(1)), new MutexWord(memory, 100, owners(2))];
}

describe('the next turn', () => {
  it('is kept for whoever reserved it and goes on looking, however long the lock is held', () => {
    const [holder, waiter] = twoAgents();
    holder.take(false);
    for (; clock < 1_000; clock += 100) {
      expect(waiter.take(false)).toBeUndefined();
      waiter.insist();
    }
    holder.release();
    expect(holder.take(true)).toBeUndefined();
    expect(waiter.take(false)).toBeDefined();
    waiter.leave();
    waiter.release();
    expect(holder.take(false)).toBeDefined();
  });

  it('is open to all once whoever reserved it has not looked for a while', () => {
    const [holder, waiter] = twoAgents();
    holder.take(false);
    waiter.insist();
    clock += 300;
    holder.release();
    expect(holder.take(false)).toBeDefined();
  });
});
