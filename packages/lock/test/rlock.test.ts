import { AsyncResource } from 'node:async_hooks';
import { RLock } from '@multiproc/lock';
import { describe, expect, it } from 'vitest';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('RLock', () => {
  it('three acquisitions need three releases, a fourth is refused [58]', async () => {
    const lock = new RLock();
    const holds = [lock.acquireSync(), await lock.acquire(), lock.acquireSync()];
    for (const hold of holds) {
      expect(lock.locked()).toBe(true);
      hold.release();
    }
    expect(lock.locked()).toBe(false);
    expect(() => lock.release()).toThrow(expect.objectContaining({ code: 'ERR_LOCK_NOT_OWNED' }));
  });

  it('release() undoes the latest acquisition', () => {
    const lock = new RLock();
    lock.acquireSync();
    const hold = lock.acquireSync();
    lock.release();
    expect(() => hold.release()).toThrow(expect.objectContaining({ code: 'ERR_LOCK_NOT_HELD' }));
    lock.release();
    expect(lock.locked()).toBe(false);
  });

  it('runExclusive may be nested, and mixed with acquire', async () => {
    const lock = new RLock();
    const result = await lock.runExclusive(async () => {
      const hold = await lock.acquire();
      const inner = await lock.runExclusive(() => lock.acquireSync());
      inner.release();
      hold.release();
      return lock.locked();
    });
    expect(result).toBe(true);
    expect(lock.locked()).toBe(false);
  });

  it('runExclusive works for code that acquired the lock outside of it', async () => {
    const lock = new RLock();
    const hold = lock.acquireSync();
    expect(await lock.runExclusive(() => 1)).toBe(1);
    hold.release();
    expect(lock.locked()).toBe(false);
  });

  it('flows that begin while another lock is held exclude each other, and later ones too', async () => {
    const outer = new RLock();
    const lock = new RLock();
    let inside = 0;
    const flow = () =>
      lock.runExclusive(async () => {
        expect(++inside).toBe(1);
        await turn();
        inside--;
      });
    let late: Promise<unknown> | undefined;
    await outer.runExclusive(() => {
      late = turn().then(() => Promise.all([flow(), turn().then(flow)]));
      return Promise.all([flow(), turn().then(flow)]);
    });
    await late;
    expect(lock.locked()).toBe(false);
  });

  it('what was acquired outside is owned inside the runExclusive of another lock', async () => {
    const outer = new RLock();
    const lock = new RLock();
    const hold = await lock.acquire();
    expect(await outer.runExclusive(() => lock.runExclusive(() => 'ran'))).toBe('ran');
    hold.release();
    expect(lock.locked()).toBe(false);
  });

  it('calls of one flow that are made at once are granted together, whoever waits in between', async () => {
    const lock = new RLock();
    for (const hold of await Promise.all([lock.acquire(), lock.acquire()])) hold.release();
    const holder = lock.runExclusive(() => turn());
    let between: Promise<boolean> | undefined;
    const pair = new RLock().runExclusive(async () => {
      const one = lock.acquire();
      await Promise.resolve();
      between = startBetween();
      for (const hold of await Promise.all([one, lock.acquire()])) hold.release();
    });
    const startBetween = AsyncResource.bind(() => lock.runExclusive(() => lock.locked()));
    await pair;
    expect(await between).toBe(true);
    await holder;
    expect(lock.locked()).toBe(false);
  });

  it('a call that is granted owns the lock before its promise is resolved', async () => {
    const lock = new RLock();
    const granted = lock.acquire();
    const hold = lock.acquireSync({ timeout: 0 });
    expect(hold).not.toBeNull();
    hold?.release();
    (await granted).release();
    expect(lock.locked()).toBe(false);
  });

  it('two flows of one agent exclude each other', async () => {
    const lock = new RLock();
    let inside = 0;
    const flow = () =>
      lock.runExclusive(async () => {
        expect(++inside).toBe(1);
        await turn();
        await lock.runExclusive(turn);
        inside--;
      });
    await Promise.all([flow(), flow(), flow()]);
    expect(lock.locked()).toBe(false);
  });

  it('a flow cannot release what another flow holds', async () => {
    const lock = new RLock();
    await lock.runExclusive(async () => {
      const stranger = new RLock().runExclusive(turn);
      await stranger;
      expect(lock.locked()).toBe(true);
    });
    let enter = () => {};
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const flow = lock.runExclusive(() => {
      enter();
      return left;
    });
    await entered;
    expect(() => lock.release()).toThrow(expect.objectContaining({ code: 'ERR_LOCK_NOT_OWNED' }));
    leave();
    await flow;
  });

  it('the blocking form throws DeadlockError where it could never return', async () => {
    const lock = new RLock();
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const flow = lock.runExclusive(() => left);
    await turn();
    expect(() => lock.acquireSync()).toThrow(expect.objectContaining({ code: 'ERR_DEADLOCK' }));
    expect(() => lock.acquireSync({ timeout: 1000 })).toThrow(
      expect.objectContaining({ code: 'ERR_DEADLOCK' }),
    );
    expect(lock.acquireSync({ timeout: 0 })).toBeNull();
    leave();
    await flow;
    lock.acquireSync().release();
  });

  it('what waits for its release is done after the last release only, and when it is suspended', async () => {
    const lock = new RLock();
    const seen: boolean[] = [];
    const look = () => seen.push(lock.locked());
    lock.whenReleased(look);
    expect(seen).toEqual([false]);
    const holds = [lock.acquireSync(), await lock.acquire()];
    lock.whenReleased(look);
    holds.pop()?.release();
    expect(seen).toEqual([false]);
    holds.pop()?.release();
    expect(seen).toEqual([false, false]);
    lock.acquireSync();
    lock.acquireSync();
    lock.whenReleased(look);
    const suspended = lock.suspend();
    expect(seen).toEqual([false, false, false]);
    await lock.resume(suspended);
    lock.release();
    lock.release();
    expect(seen).toHaveLength(3);
  });
});
