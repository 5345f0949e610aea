import { Lock } from '@multiproc/lock';
import { reapAll, spawnProgram, timersRunBeside } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';

afterEach(reapAll);

describe('Lock', () => {
  it('release() of a free lock is refused [57]', () => {
    expect(() => new Lock().release()).toThrow(
      expect.objectContaining({ code: 'ERR_LOCK_NOT_HELD' }),
    );
  });

  it('is not re-entrant', async () => {
    const lock = new Lock();
    lock.acquireSync();
    expect(lock.acquireSync({ timeout: 0 })).toBeNull();
    expect(await lock.acquire({ timeout: 5 })).toBeNull();
    lock.release();
  });

  it('serves the calls of one agent in the order in which they were made', async () => {
    const lock = new Lock();
    const hold = await lock.acquire();
    const order: number[] = [];
    const calls = Array.from({ length: 20 }, async (_, call) => {
      const mine = await lock.acquire();
      order.push(call);
      mine.release();
    });
    hold.release();
    await Promise.all(calls);
    expect(order).toEqual(Array.from({ length: 20 }, (_, call) => call));
  });

  it('a wait that is aborted rejects with the reason, and the next one gets the lock', async () => {
    const lock = new Lock();
    const hold = await lock.acquire();
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = lock.acquire({ signal: controller.signal });
    const next = lock.acquire();
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    hold.release();
    (await next).release();
    expect(lock.locked()).toBe(false);
  });

  it('runExclusive gives what the function gives, and releases when it throws', async () => {
    const lock = new Lock();
    expect(await lock.runExclusive(() => 5)).toBe(5);
    const failure = lock.runExclusive(async () => {
      expect(lock.locked()).toBe(true);
      throw new Error('inside');
    });
    await expect(failure).rejects.toThrow('inside');
    expect(lock.locked()).toBe(false);
  });

  it('runExclusive says when the time-out has passed', async () => {
    const lock = new Lock();
    lock.acquireSync();
    const late = lock.runExclusive(() => expect.unreachable(), { timeout: 5 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    lock.release();
  });

  it('runExclusive refuses what is no function before it waits', async () => {
    await expect(new Lock().runExclusive(5 as never)).rejects.toThrow(/fn must be a function/);
  });

  it('cannot be disposed while a call waits for it', async () => {
    const lock = new Lock();
    const hold = await lock.acquire();
    const waiting = lock.acquire();
    expect(() => lock[Symbol.dispose]()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    hold.release();
    (await waiting).release();
  });

  it('a loop of awaited acquisitions lets timers run', async () => {
    const lock = new Lock();
    const step = async () => (await lock.acquire()).release();
    expect(await timersRunBeside(step)).toBe(true);
  });

  it('two flows that hand the lock to and fro let timers run', async () => {
    const lock = new Lock();
    const flow = () => timersRunBeside(() => lock.runExclusive(async () => {}));
    expect(await Promise.all([flow(), flow()])).toEqual([true, true]);
  });

  it('what waits for its release is done once the lock is free, and at once without it', async () => {
    const lock = new Lock();
    const seen: boolean[] = [];
    const look = () => seen.push(lock.locked());
    lock.whenReleased(look);
    expect(seen).toEqual([false]);
    const hold = await lock.acquire();
    lock.whenReleased(look);
    lock.whenReleased(look);
    expect(seen).toEqual([false]);
    hold.release();
    expect(seen).toEqual([false, false, false]);
    lock.acquireSync();
    lock.whenReleased(look);
    const suspended = lock.suspend();
    expect(seen).toHaveLength(4);
    lock.resumeSync(suspended);
    lock.whenReleased(look);
    lock.release();
    expect(seen).toEqual([false, false, false, false, false]);
  });
});

it.each(['Lock', 'RLock'])(
  'a %s that is held stays so when its object is collected',
  async (type) => {
    const program = spawnProgram(new URL('./fixtures/collected.js', import.meta.url), [type], {
      execArgv: ['--expose-gc'],
    });
    expect(await program.exited).toMatchObject({ code: 0, stdout: 'true\n' });
  },
);

it('a later call goes behind one that waits, though the lock is free already', async () => {
  const lock = new Lock();
  const held = lock.acquireSync();
  const order: string[] = [];
  const call = async (name: string) => {
    const hold = await lock.acquire();
    order.push(name);
    hold.release();
  };
  const first = call('first');
  held.release();
  await Promise.all([first, call('second')]);
  expect(order).toEqual(['first', 'second']);
});
