import { readdirSync, readFileSync } from 'node:fs';
import { Barrier } from '@multiproc/condition';
import { currentFamily, type MemoryKind, type WaitOptions } from '@multiproc/core';
import type { StartMethod } from '@multiproc/process';
import { Board, elapsed } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as partners from '../fixtures/partners.js';
import { joinAll, start } from './team.js';

const { COUNT, DONE, FAILED, LATE, MEMBERS, READY } = partners;

const FORMS = {
  awaiting: {
    wait: (barrier: Barrier, options?: WaitOptions) => barrier.wait(options),
    meet: partners.meetAsync,
    meetOnce: partners.meetOnceAsync,
  },
  blocking: {
    wait: async (barrier: Barrier, options?: WaitOptions) => barrier.waitSync(options),
    meet: partners.meet,
    meetOnce: partners.meetOnce,
  },
};
type Form = (typeof FORMS)[keyof typeof FORMS];

const broken = expect.objectContaining({ code: 'ERR_BARRIER_BROKEN', name: 'BrokenBarrierError' });

/** What every barrier promises, in one memory. */
export function barrierSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [name, form] of Object.entries(FORMS)) {
    describe(`Barrier, ${name}, ${memory} memory`, () => {
      aloneSuite(form);
      for (const startMethod of startMethods) {
        describe(`with partners by ${startMethod}`, () => partnerSuite(form, startMethod));
      }
    });
  }
}

function aloneSuite({ wait }: Form): void {
  it('with one party never waits [84]', async () => {
    const barrier = new Barrier(1);
    for (let round = 0; round < 3; round++) expect(await wait(barrier)).toBe(0);
    expect([barrier.parties, barrier.nWaiting, barrier.broken]).toEqual([1, 0, false]);
  });

  it.each([
    ['no parties', 0, RangeError],
    ['half a party', 1.5, RangeError],
    ['parties in words', { parties: 'two' }, TypeError],
    ['nothing', undefined, TypeError],
    ['an action that is none', { parties: 1, action: 5 }, TypeError],
    ['an action that nobody exports', { parties: 1, action: () => 1 }, Error],
    ['a time-out in words', { parties: 1, timeout: 'soon' }, TypeError],
  ])('refuses %s', (_, options, type) => {
    expect(() => new Barrier(options as never)).toThrow(type);
  });

  it('breaks when time is up, its own or that of the barrier, and not before [82, 83]', async () => {
    const barrier = new Barrier({ parties: 2, timeout: 30 });
    const waited = await elapsed(() => wait(barrier).catch((error: unknown) => error));
    expect(waited.result).toEqual(broken);
    expect(waited.milliseconds).toBeGreaterThanOrEqual(29);
    expect(barrier.broken).toBe(true);
    barrier.reset();
    expect(barrier.broken).toBe(false);
    await expect(wait(barrier, { timeout: 0 })).rejects.toEqual(broken);
    await expect(wait(barrier)).rejects.toEqual(broken);
  });

  it('is broken by abort() until reset() [79, 81]', async () => {
    const barrier = new Barrier(1);
    barrier.abort();
    await expect(wait(barrier)).rejects.toEqual(broken);
    expect(barrier.broken).toBe(true);
    barrier.reset();
    expect(await wait(barrier)).toBe(0);
  });

  it('runs the action, and breaks when that fails [78]', async () => {
    const before = partners.acted;
    const barrier = new Barrier({ parties: 1, action: partners.act });
    expect(await wait(barrier)).toBe(0);
    expect(partners.acted).toBe(before + 1);
    const failing = new Barrier({ parties: 1, action: partners.fail });
    await expect(wait(failing)).rejects.toThrow('the action failed');
    expect(failing.broken).toBe(true);
  });

  it('refuses impossible options, and changes nothing', async () => {
    const barrier = new Barrier(2);
    const bad = { timeout: 'soon' } as unknown as WaitOptions;
    await expect(wait(barrier, bad)).rejects.toThrow(TypeError);
    const reason = new Error('not wanted any more');
    await expect(wait(barrier, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
    barrier[Symbol.dispose]();
    await expect(wait(barrier)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  });
}

function partnerSuite({ wait, meet, meetOnce }: Form, startMethod: StartMethod): void {
  it('keeps three parties in step, and gives each index once in a passage [76, 77, 85]', async () => {
    const [barrier, board] = [new Barrier(3), new Board()];
    for (let count = 0; count < 2; count++) start(startMethod, meet, barrier, board, 300);
    if (meet === partners.meet) partners.meet(barrier, board, 300);
    else await partners.meetAsync(barrier, board, 300);
    expect(await joinAll()).toEqual([0, 0]);
    expect([0, 1, 2].map((index) => board.get(MEMBERS + index))).toEqual([300, 300, 300]);
    expect([board.get(COUNT), board.get(LATE)]).toEqual([900, 0]);
    expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
  });

  it('runs the action in the party that comes last, wherever that is [78]', async () => {
    const [barrier, board] = [new Barrier({ parties: 2, action: partners.fail }), new Board()];
    const early = barrier.wait();
    await waiting(barrier, 1);
    start(startMethod, partners.meetOnceFailing, barrier, board);
    await expect(early).rejects.toEqual(broken);
    expect(await joinAll()).toEqual([0]);
    expect(board.get(FAILED)).toBe(1);
  });

  it('a time-out breaks it for all parties, and for those who come later [82]', async () => {
    const [barrier, board] = [new Barrier(4), new Board()];
    for (let count = 0; count < 2; count++) start(startMethod, meetOnce, barrier, board);
    await board.until(READY, 2);
    await expect(wait(barrier, { timeout: 50 })).rejects.toEqual(broken);
    expect(await joinAll()).toEqual([0, 0]);
    expect([board.get(FAILED), board.get(DONE)]).toEqual([2, 0]);
    await expect(wait(barrier)).rejects.toEqual(broken);
  });

  it.each(['abort', 'reset'] as const)('%s() frees those who wait [79, 80, 81]', async (how) => {
    const [barrier, board] = [new Barrier(3), new Board()];
    for (let count = 0; count < 2; count++) start(startMethod, meetOnce, barrier, board);
    await waiting(barrier, 2);
    barrier[how]();
    expect(await joinAll()).toEqual([0, 0]);
    expect(board.get(FAILED)).toBe(2);
    expect(barrier.broken).toBe(how === 'abort');
    barrier.reset();
    for (let count = 0; count < 2; count++) start(startMethod, meetOnce, barrier, board);
    expect(await wait(barrier, { timeout: 20_000 })).toBeLessThan(3);
    await board.until(DONE, 2);
  });

  it.each(['kill', 'terminate'] as const)(
    'a party that ends by %s() while it waits breaks it for the others [246]',
    async (how) => {
      const [barrier, board] = [new Barrier(3), new Board()];
      const victim = start(startMethod, meetOnce, barrier, board);
      await waiting(barrier, 1);
      victim[how]();
      // Without a time-out, which would break it as well.
      await expect(wait(barrier)).rejects.toEqual(broken);
      expect(barrier.broken).toBe(true);
      barrier.reset();
      for (let count = 0; count < 2; count++) start(startMethod, meetOnce, barrier, board);
      expect(await wait(barrier, { timeout: 20_000 })).toBeLessThan(3);
    },
  );

  it.runIf(startMethod === 'spawn')(
    'the last party finds that another has died, though nobody has noticed it yet',
    async () => {
      const [barrier, board] = [new Barrier(2), new Board()];
      const victim = start(startMethod, meetOnce, barrier, board);
      await waiting(barrier, 1);
      victim.kill();
      // The event loop, which would hear of the death, does not turn before the wait.
      spinUntil(() => isZombie(victim.pid as number));
      const since = performance.now();
      spinUntil(() => performance.now() - since > 15);
      await expect(wait(barrier)).rejects.toEqual(broken);
      expect(board.get(partners.DONE)).toBe(0);
    },
  );

  it('tells of a dead party even when nobody else waits', async () => {
    const [barrier, board] = [new Barrier(2), new Board()];
    const victim = start(startMethod, meetOnce, barrier, board);
    await waiting(barrier, 1);
    victim.kill();
    await victim.join();
    await expect(wait(barrier)).rejects.toEqual(broken);
    expect([barrier.broken, barrier.nWaiting]).toEqual([true, 0]);
  });

  it('is found by its name, and leaves nothing behind', async () => {
    const { arena } = currentFamily();
    const used = arena.used;
    const [name, board] = [`of ${startMethod}`, new Board()];
    const barrier = new Barrier({ parties: 2, name });
    expect(new Barrier({ parties: 7, name })).toBe(barrier);
    expect(Barrier.from(JSON.parse(JSON.stringify(barrier)))).toBe(barrier);
    start(startMethod, partners.meetNamed, Barrier, name, board);
    expect(await wait(barrier, { timeout: 20_000 })).toBeLessThan(2);
    expect(await joinAll()).toEqual([0]);
    for (const object of [barrier, board]) object[Symbol.dispose]();
    expect(arena.used - used).toBeLessThanOrEqual(1024);
  });
}

/** Whether a process has ended with all of its threads, and its parent has not taken notice yet. */
function isZombie(pid: number): boolean {
  const isEnding = readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  return isEnding && readdirSync(`/proc/${pid}/task`).length === 1;
}

/** Blocks the thread until something is so. */
function spinUntil(test: () => boolean): void {
  const end = performance.now() + 20_000;
  while (!test()) if (performance.now() > end) throw new Error('it has not come to be so');
}

/** Waits until so many parties are at the barrier; they have no way to tell. */
async function waiting(barrier: Barrier, count: number): Promise<void> {
  await expect.poll(() => barrier.nWaiting, { interval: 2, timeout: 20_000 }).toBe(count);
}
