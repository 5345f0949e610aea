import { Condition } from '@multiproc/condition';
import { currentFamily, type MemoryKind, type WaitOptions } from '@multiproc/core';
import { Lock, RLock } from '@multiproc/lock';
import type { StartMethod } from '@multiproc/process';
import { Board, elapsed } from '@multiproc/testing';
import { describe, expect, it, vi } from 'vitest';
import * as partners from '../fixtures/partners.js';
import { joinAll, start } from './team.js';

const { DONE, GO, LATE, READY, RESULT } = partners;

const FORMS = {
  awaiting: {
    wait: (condition: Condition, options?: WaitOptions) => condition.wait(options),
    waitFor: (condition: Condition, test: () => unknown, options?: WaitOptions) =>
      condition.waitFor(test, options),
    partner: partners.waitOnceAsync,
    sound: partners.waitSoundlyAsync,
  },
  blocking: {
    wait: async (condition: Condition, options?: WaitOptions) => condition.waitSync(options),
    waitFor: async (condition: Condition, test: () => unknown, options?: WaitOptions) =>
      condition.waitForSync(test, options),
    partner: partners.waitOnce,
    sound: partners.waitSoundly,
  },
};
type Form = (typeof FORMS)[keyof typeof FORMS];

/** What every condition promises, in one memory. */
export function conditionSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [name, form] of Object.entries(FORMS)) {
    describe(`Condition, ${name}, ${memory} memory`, () => {
      for (const Type of [Lock, RLock]) {
        describe(`over a ${Type.name}`, () => aloneSuite(form, Type));
      }
      for (const startMethod of startMethods) {
        describe(`with partners by ${startMethod}`, () => partnerSuite(form, startMethod));
      }
    });
  }
}

function aloneSuite({ wait, waitFor }: Form, Type: typeof Lock | typeof RLock): void {
  it('wait gives false after the time-out, not before it, with the lock held again [70, 73]', async () => {
    const condition = new Condition({ lock: new Type() });
    const hold = await condition.acquire();
    expect(await wait(condition, { timeout: 0 })).toBe(false);
    const waited = await elapsed(() => wait(condition, { timeout: 40 }));
    expect(waited.result).toBe(false);
    expect(waited.milliseconds).toBeGreaterThanOrEqual(39);
    expect(condition.locked()).toBe(true);
    hold.release();
    expect(condition.locked()).toBe(false);
  });

  it('refuses everything that needs the lock without it [225]', async () => {
    const condition = new Condition({ lock: new Type() });
    const refused = expect.objectContaining({ code: 'ERR_LOCK_NOT_OWNED' });
    await expect(wait(condition)).rejects.toEqual(refused);
    await expect(waitFor(condition, () => true)).rejects.toEqual(refused);
    expect(() => condition.notify()).toThrow(refused);
    expect(() => condition.notifyAll()).toThrow(refused);
    expect(condition.locked()).toBe(false);
  });

  it('refuses impossible options, and changes nothing', async () => {
    const condition = new Condition({ lock: new Type() });
    const hold = await condition.acquire();
    const bad = { timeout: 'soon' } as unknown as WaitOptions;
    await expect(wait(condition, bad)).rejects.toThrow(TypeError);
    const reason = new Error('not wanted any more');
    await expect(wait(condition, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(waitFor(condition, 5 as never)).rejects.toThrow(/predicate must be a function/);
    expect(() => condition.notify('1' as never)).toThrow(TypeError);
    expect(() => condition.notify(-1)).toThrow(RangeError);
    expect(() => new Condition({ lock: {} as never })).toThrow(/options\.lock must be a Lock/);
    hold.release();
  });

  it('waitFor asks at once, and its time-out gives the last value [71, 72]', async () => {
    const condition = new Condition({ lock: new Type() });
    const hold = await condition.acquire();
    expect(await waitFor(condition, () => 'there')).toBe('there');
    const waited = await elapsed(() => waitFor(condition, () => 0, { timeout: 30 }));
    expect(waited.result).toBe(0);
    expect(waited.milliseconds).toBeGreaterThanOrEqual(29);
    expect(await waitFor(condition, () => 0, { timeout: 0 })).toBe(0);
    await expect(
      waitFor(condition, () => {
        throw new Error('no answer');
      }),
    ).rejects.toThrow('no answer');
    expect(condition.locked()).toBe(true);
    hold.release();
  });

  it('notify without waiters does nothing, and is not kept for later [69]', async () => {
    const condition = new Condition({ lock: new Type() });
    const hold = await condition.acquire();
    condition.notify(3);
    condition.notifyAll();
    expect(await wait(condition, { timeout: 0 })).toBe(false);
    hold.release();
  });
}

function partnerSuite({ wait, waitFor, partner, sound }: Form, startMethod: StartMethod): void {
  /** Holds the lock at a time when so many partners wait. */
  async function holdWhenWaiting(condition: Condition, board: Board, count: number) {
    await board.until(READY, count);
    return condition.acquire();
  }

  it('notify(n) wakes exactly so many, notifyAll the rest [67, 69]', async () => {
    const [condition, board] = [new Condition(), new Board()];
    for (let count = 0; count < 5; count++) start(startMethod, partner, condition, board);
    let served = 0;
    for (const [n, all] of [
      [1, 1],
      [2, 3],
      [9, 5],
    ] as const) {
      // biome-ignore format: a table
      const hold = await holdWhenWaiting(condition, board, 5);
      expect(board.get(DONE)).toBe(served);
      condition.notify(n);
      hold.release();
      await board.until(DONE, all);
      served = all;
    }
    expect(await joinAll()).toEqual([0, 0, 0, 0, 0]);
    expect(board.get(DONE)).toBe(5);
  });

  it('every notified call is woken: none has to find out by itself [67]', async () => {
    const [condition, board] = [new Condition(), new Board()];
    for (let count = 0; count < 4; count++) start(startMethod, sound, condition, board);
    let hold = await holdWhenWaiting(condition, board, 4);
    condition.notify();
    hold.release();
    await board.until(DONE, 1);
    hold = await condition.acquire();
    condition.notifyAll();
    hold.release();
    await board.until(DONE, 4);
    expect(await joinAll()).toEqual([0, 0, 0, 0]);
  });

  it('whom it notified is woken also when it is disposed before its lock is released', async () => {
    const [condition, board] = [new Condition(), new Board()];
    start(startMethod, sound, condition, board);
    const hold = await holdWhenWaiting(condition, board, 1);
    condition.notify();
    condition[Symbol.dispose]();
    hold.release();
    await board.until(DONE, 1);
    expect(await joinAll()).toEqual([0]);
  });

  it('a notifier that is killed before it releases the lock leaves nobody waiting', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [condition, board] = [new Condition(), new Board()];
    for (let count = 0; count < 2; count++) start(startMethod, partner, condition, board);
    (await holdWhenWaiting(condition, board, 2)).release();
    const victim = start(startMethod, partners.notifyAndHold, condition, board);
    await board.until(GO, 1);
    victim.kill();
    await board.until(DONE, 2);
    await victim.join();
    expect((await joinAll()).slice(0, 2)).toEqual([0, 0]);
    warn.mockRestore();
  });

  it('waiters with a time-out come back by themselves and leave nothing behind [68]', async () => {
    const [condition, board] = [new Condition(), new Board()];
    for (let count = 0; count < 3; count++) {
      start(startMethod, partner, condition, board, { timeout: 20 });
    }
    expect(await joinAll()).toEqual([0, 0, 0]);
    expect(board.get(RESULT)).toBe(2);
    const other = start(startMethod, partner, condition, board);
    const hold = await holdWhenWaiting(condition, board, 4);
    condition.notify();
    hold.release();
    await other.join();
    expect(board.get(RESULT)).toBe(1);
  });

  it('waitFor returns once the predicate holds [71]', async () => {
    const [condition, board] = [new Condition(), new Board()];
    start(startMethod, partners.countTo, condition, board, 10);
    const hold = await condition.acquire();
    const reached = () => board.get(partners.COUNT) >= 7 && board.get(partners.COUNT);
    expect(await waitFor(condition, reached)).toBeGreaterThanOrEqual(7);
    expect(condition.locked()).toBe(true);
    hold.release();
    expect(await joinAll()).toEqual([0]);
  });

  it('waitFor ends no earlier than its time-out, however often it is notified [72]', async () => {
    const [condition, board] = [new Condition(), new Board()];
    start(startMethod, partners.notifyForNothing, condition, board);
    await board.until(READY, 1);
    const hold = await condition.acquire();
    const waited = await elapsed(() => waitFor(condition, () => null, { timeout: 60 }));
    expect(waited.result).toBeNull();
    expect(waited.milliseconds).toBeGreaterThanOrEqual(59);
    hold.release();
    board.set(GO, 1);
    expect(await joinAll()).toEqual([0]);
  });

  it('needs the lock in every agent on its own [225]', async () => {
    const [condition, board] = [new Condition({ lock: new Lock() }), new Board()];
    const hold = await condition.acquire();
    start(startMethod, partners.withoutLock, condition, board);
    await board.until(DONE, 1);
    expect(board.get(RESULT)).toBe(4);
    hold.release();
  });

  it.each(['kill', 'terminate'] as const)(
    'a waiter that ended by %s() hangs no notify, and takes no notification [244]',
    async (how) => {
      const [condition, board] = [new Condition(), new Board()];
      const victim = start(startMethod, partner, condition, board);
      await board.until(READY, 1);
      (await condition.acquire()).release();
      victim[how]();
      await victim.join();
      const other = start(startMethod, partner, condition, board);
      const hold = await holdWhenWaiting(condition, board, 2);
      condition.notify();
      hold.release();
      await other.join();
      expect(board.get(DONE)).toBe(1);
    },
  );

  it('the notification of a waiter that died before it had the lock goes to another', async () => {
    const [condition, board] = [new Condition(), new Board()];
    const victim = start(startMethod, partner, condition, board);
    let hold = await holdWhenWaiting(condition, board, 1);
    hold.release();
    start(startMethod, partner, condition, board);
    hold = await holdWhenWaiting(condition, board, 2);
    condition.notify();
    victim.kill();
    await victim.join();
    hold.release();
    await board.until(DONE, 1);
    expect(board.get(RESULT)).toBe(1);
  });

  it('after a wait, the hold tells that somebody died with the lock', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [condition, board] = [new Condition(), new Board()];
    const victim = start(startMethod, partners.takeAndDie, condition, board);
    const hold = await condition.acquire();
    const inner = await condition.acquire();
    board.add(READY);
    const dies = board.until(GO, 1).then(() => victim.kill());
    const waiting = condition.wait();
    await dies;
    expect(await waiting).toBe(true);
    expect([hold.abandoned, inner.abandoned]).toEqual([true, true]);
    expect(await wait(condition, { timeout: 1 })).toBe(false);
    expect([hold.abandoned, inner.abandoned]).toEqual([false, false]);
    inner.release();
    expect(condition.locked()).toBe(true);
    hold.release();
    expect(condition.locked()).toBe(false);
    warn.mockRestore();
  });

  it('an aborted wait has the lock again before it rejects', async () => {
    const [condition, board] = [new Condition(), new Board()];
    const controller = new AbortController();
    const hold = await condition.acquire();
    const reason = new Error('enough');
    const waiting = condition.wait({ signal: controller.signal });
    start(startMethod, partners.holdWhile, condition, board);
    await board.until(GO, 1);
    controller.abort(reason);
    let isSettled = false;
    const settled = waiting.catch((error: unknown) => {
      isSettled = true;
      return error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSettled).toBe(false);
    board.set(LATE, 1);
    expect(await settled).toBe(reason);
    expect(condition.locked()).toBe(true);
    hold.release();
    expect(await joinAll()).toEqual([0]);
  });

  it('is found by its name, with the same lock, and freed with it', async () => {
    const { arena } = currentFamily();
    const used = arena.used;
    const [lock, board, name] = [new Lock(), new Board(), `of ${startMethod}`];
    const condition = new Condition({ lock, name });
    expect(new Condition({ name })).toBe(condition);
    expect(Condition.from(JSON.parse(JSON.stringify(condition)))).toBe(condition);
    start(startMethod, partners.notifyNamed, Condition, name, board);
    const hold = await condition.acquire();
    board.add(READY);
    expect(await wait(condition, { timeout: 20_000 })).toBe(true);
    expect(lock.locked()).toBe(true);
    hold.release();
    expect(await joinAll()).toEqual([0]);
    for (const object of [condition, lock, board]) object[Symbol.dispose]();
    // The name itself is freed by whoever looks for another.
    expect(arena.used - used).toBeLessThanOrEqual(1024);
  });
}
