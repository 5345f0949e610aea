import { readFileSync } from 'node:fs';
import { Barrier } from '@multiproc/condition';
import { Board, eventually } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';
import { joinAll, start } from './suites/team.js';

const { COUNT, FAILED, GO, READY } = partners;

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
    expect(barrier.waitSync({ timeout: 20_000 })).toBe(1);
    expect(await next).toBe(0);
    await expect(freed).rejects.toEqual(broken);
  });

  it('reset() takes no passage back from a call that has not heard of it', async () => {
    const [barrier, board] = [new Barrier(2), new Board()];
    start('spawn', partners.meetTwice, barrier, board);
    await board.until(READY, 1);
    const passed = barrier.wait();
    board.set(GO, 1);
    // The event loop does not turn before the partner has passed, and waits again.
    board.untilSync(READY, 3);
    while (barrier.nWaiting !== 1);
    barrier.reset();
    expect(await passed).toBe(0);
    expect(await joinAll()).toEqual([0]);
    expect(board.get(FAILED)).toBe(1);
  });

  it('reset() while the action runs breaks its passage, and lets nobody of the next one through', async () => {
    const barrier = new Barrier({ parties: 2, action: partners.actUntilFinished });
    const calls = [barrier.wait(), barrier.wait()];
    const [early, acting] = calls.map((call) => call.catch((error: unknown) => error));
    await eventually(() => barrier.nWaiting === 2, 20_000, 'the action runs');
    barrier.reset();
    const next = barrier.wait();
    await eventually(() => barrier.nWaiting === 1, 20_000, 'another waits');
    partners.finishActing();
    expect([await early, await acting]).toEqual([broken, broken]);
    expect([barrier.nWaiting, barrier.broken]).toEqual([1, false]);
    barrier.abort();
    await expect(next).rejects.toEqual(broken);
  });

  it.each([
    ['first', 3, 0],
    ['last', 2, 1],
  ])(
    'nobody waits for a party that is stopped while it arrives as the %s',
    async (_, parties, before) => {
      const [barrier, board] = [new Barrier(parties), new Board()];
      const others = Array.from({ length: before }, () =>
        start('spawn', partners.meetOnce, barrier, board),
      );
      await eventually(() => barrier.nWaiting === before, 20_000, 'the others wait');
      const stopped = start('spawn', partners.stopArriving, barrier, board);
      const stat = `/proc/${stopped.pid}/stat`;
      await eventually(() => readFileSync(stat, 'utf8').includes(') T '), 20_000, 'it has stopped');
      others.push(start('spawn', partners.doEverything, barrier, board));
      for (const other of others) expect(await other.join({ timeout: 20_000 })).toBe(true);
      expect([board.get(COUNT), board.get(FAILED)]).toEqual([7, 3 + before]);
      process.kill(stopped.pid as number, 'SIGCONT');
      await joinAll();
      expect(board.get(FAILED)).toBe(4 + before);
      barrier.reset();
      const calls = Array.from({ length: parties }, () => barrier.wait());
      expect(await Promise.all(calls)).toEqual([0, 1, 2].slice(0, parties));
    },
  );
});
