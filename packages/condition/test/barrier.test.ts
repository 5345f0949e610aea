import { Barrier } from '@multiproc/condition';
import { describe, expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const broken = expect.objectContaining({ code: 'ERR_BARRIER_BROKEN' });

describe('Barrier', () => {
  it('awaits an asynchronous action before anybody passes', async () => {
    const before = partners.acted;
    const barrier = new Barrier({ parties: 3, action: partners.actAsync });
    const waits = [barrier.wait(), barrier.wait(), barrier.wait()];
    const seen = await Promise.all(waits.map((wait) => wait.then(() => partners.acted)));
    expect(seen).toEqual([before + 1, before + 1, before + 1]);
  });

  it('waitSync refuses an asynchronous action', async () => {
    const barrier = new Barrier({ parties: 1, action: partners.actAsync });
    expect(() => barrier.waitSync()).toThrow(/returns no promise/);
    expect(barrier.broken).toBe(true);
  });

  it('counts those who wait, and an aborted signal breaks it for the others', async () => {
    const barrier = new Barrier(3);
    const controller = new AbortController();
    const other = barrier.wait();
    const aborted = barrier.wait({ signal: controller.signal });
    expect(barrier.nWaiting).toBe(2);
    expect(() => barrier[Symbol.dispose]()).toThrow(/waiting at it/);
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(other).rejects.toEqual(broken);
    expect([barrier.nWaiting, barrier.broken]).toEqual([0, true]);
  });

  it('more calls than parties meet in groups', async () => {
    const barrier = new Barrier({ parties: 2, action: partners.actAsync });
    const indices = await Promise.all(Array.from({ length: 8 }, () => barrier.wait()));
    expect(indices.toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('reset() lets the same agent go on at once, though its calls have not heard of it', async () => {
    const barrier = new Barrier({ parties: 2 });
    const freed = barrier.wait();
    barrier.reset();
    const next = barrier.wait();
    expect(barrier.nWaiting).toBe(1);
    expect(barrier.waitSync({ timeout: 5_000 })).toBe(1);
    expect(await next).toBe(0);
    await expect(freed).rejects.toEqual(broken);
  });
});
