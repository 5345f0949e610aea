import { Condition } from '@multiproc/condition';
import { currentFamily } from '@multiproc/core';
import { Lock, RLock } from '@multiproc/lock';
import { describe, expect, it } from 'vitest';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Condition', () => {
  // First: what other tests leave behind would be collected, and count, at any time.
  it('gives back all that its waiters took from the arena, and its own lock', async () => {
    const { arena } = currentFamily();
    const lock = new RLock();
    const used = arena.used;
    const condition = new Condition({ lock });
    const flows = Array.from({ length: 100 }, () => condition.runExclusive(() => condition.wait()));
    await turn();
    await condition.runExclusive(() => condition.notifyAll());
    await Promise.all(flows);
    expect(arena.used - used).toBeGreaterThanOrEqual(10 * 256);
    condition[Symbol.dispose]();
    expect(arena.used).toBe(used);
    expect(lock.locked()).toBe(false);
  });

  it('gives an RLock away whatever its depth, and has it back as deep', async () => {
    const condition = new Condition();
    let isInside = false;
    const waiting = condition.runExclusive(async () => {
      const hold = await condition.acquire();
      expect(await condition.runExclusive(() => condition.wait())).toBe(true);
      isInside = true;
      expect(condition.locked()).toBe(true);
      hold.release();
      expect(condition.locked()).toBe(true);
      expect(hold.abandoned).toBe(false);
    });
    await turn();
    await condition.runExclusive(() => condition.notify());
    await waiting;
    expect([isInside, condition.locked()]).toEqual([true, false]);
  });

  it('keeps the hold of a Lock good, though others held the lock in between', async () => {
    const lock = new Lock();
    const condition = new Condition({ lock });
    const hold = await condition.acquire();
    const waiting = condition.wait();
    const between = await lock.acquire();
    condition.notify();
    between.release();
    expect(await waiting).toBe(true);
    expect(() => between.release()).toThrow();
    expect(condition.locked()).toBe(true);
    hold.release();
    expect(condition.locked()).toBe(false);
  });

  it('serves the calls of many flows in the order in which they began to wait', async () => {
    const condition = new Condition();
    const order: number[] = [];
    const flows = Array.from({ length: 35 }, (_, number) =>
      condition.runExclusive(async () => {
        await condition.wait();
        order.push(number);
      }),
    );
    for (let served = 0; served < 35; served += 5) {
      await condition.runExclusive(() => condition.notify(5));
      await Promise.all(flows.slice(served, served + 5));
      expect(order.length).toBe(served + 5);
    }
    expect(order).toEqual(flows.map((_, number) => number));
  });

  it('an abort after the notification has no effect', async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const waiting = condition.runExclusive(() => condition.wait({ signal: controller.signal }));
    await turn();
    await condition.runExclusive(() => {
      condition.notify();
      controller.abort();
    });
    expect(await waiting).toBe(true);
  });

  it('keeps its lock alive, and cannot be disposed while a call waits', async () => {
    const lock = new Lock();
    const condition = new Condition({ lock });
    const hold = await condition.acquire();
    const waiting = condition.wait();
    expect(() => condition[Symbol.dispose]()).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
    const other = await condition.acquire();
    condition.notify();
    other.release();
    await waiting;
    hold.release();
    condition[Symbol.dispose]();
    expect(() => condition.locked()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    expect(lock.locked()).toBe(false);
    lock[Symbol.dispose]();
    expect(() => new Condition({ lock })).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
  });
});
