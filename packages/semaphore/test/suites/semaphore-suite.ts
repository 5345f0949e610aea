import type { MemoryKind } from '@multiproc/core';
import { Process, type StartMethod } from '@multiproc/process';
import {
  type AcquireOptions,
  BoundedSemaphore,
  type PermitHold,
  Semaphore,
} from '@multiproc/semaphore';
import { Board, elapsed } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { describe, expect, it } from 'vitest';
import * as partners from '../fixtures/partners.js';

const { DONE, FREE, GO, READY } = partners;

type AnySemaphore = Semaphore | BoundedSemaphore;

const FORMS = {
  awaiting: (semaphore: AnySemaphore, options: AcquireOptions = {}) => semaphore.acquire(options),
  blocking: async (semaphore: AnySemaphore, options: AcquireOptions = {}) =>
    semaphore.acquireSync(options),
};

type Acquire = (typeof FORMS)['awaiting'];

type Make = (value: number) => AnySemaphore;

const TYPES: Record<string, Make> = {
  Semaphore: (value) => new Semaphore({ value }),
  BoundedSemaphore: (value) => new BoundedSemaphore({ value }),
  'BoundedSemaphore with recovery': (value) => new BoundedSemaphore({ value, recover: true }),
};

const { start } = partnersOf<StartMethod, Process>(Process);

async function mustHold(hold: Promise<PermitHold | null>): Promise<PermitHold> {
  const held = await hold;
  if (!held) throw new Error('the permits were not acquired');
  return held;
}

/** What every semaphore promises, in one memory. */
export function semaphoreSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [type, make] of Object.entries(TYPES)) {
    for (const [form, acquire] of Object.entries(FORMS)) {
      describe(`${type}, ${form}, ${memory} memory`, () => {
        aloneSuite(make, acquire);
        for (const startMethod of startMethods) {
          describe(`with a partner by ${startMethod}`, () => {
            partnerSuite(make, acquire, startMethod);
            if (type.endsWith('recovery')) recoverySuite(acquire, startMethod);
          });
        }
      });
    }
  }
}

function aloneSuite(make: Make, acquire: Acquire): void {
  it('counts down to 0, refuses without changing anything, and counts up again [63, 65]', async () => {
    const semaphore = make(2);
    expect(semaphore.getValue()).toBe(2);
    const holds = [await mustHold(acquire(semaphore))];
    expect(semaphore.getValue()).toBe(1);
    expect(semaphore.locked()).toBe(false);
    holds.push(await mustHold(acquire(semaphore)));
    expect(semaphore.getValue()).toBe(0);
    expect(semaphore.locked()).toBe(true);
    expect(await acquire(semaphore, { timeout: 0 })).toBeNull();
    expect(semaphore.getValue()).toBe(0);
    for (const hold of holds) hold.release();
    expect(semaphore.getValue()).toBe(2);
  });

  it('gives null at once without a time-out to wait, and after the time-out with one [66, 221]', async () => {
    const semaphore = make(1);
    await acquire(semaphore);
    expect(await acquire(semaphore, { timeout: 0 })).toBeNull();
    expect(await acquire(semaphore, { timeout: -1 })).toBeNull();
    const waited = await elapsed(() => acquire(semaphore, { timeout: 30 }));
    expect(waited.result).toBeNull();
    expect(waited.milliseconds).toBeGreaterThanOrEqual(29);
    semaphore.release();
    expect(semaphore.getValue()).toBe(1);
  });

  it('acquires several permits or none, and a hold gives back exactly these, once', async () => {
    const semaphore = make(5);
    const three = await mustHold(acquire(semaphore, { permits: 3 }));
    expect(three.permits).toBe(3);
    expect(semaphore.getValue()).toBe(2);
    expect(await acquire(semaphore, { permits: 3, timeout: 0 })).toBeNull();
    expect(semaphore.getValue()).toBe(2);
    const two = await mustHold(acquire(semaphore, { permits: 2 }));
    three.release();
    expect(semaphore.getValue()).toBe(3);
    const again = expect.objectContaining({ code: 'ERR_SEMAPHORE_NOT_HELD' });
    expect(() => three.release()).toThrow(again);
    expect(() => three[Symbol.dispose]()).not.toThrow();
    expect(semaphore.getValue()).toBe(3);
    two[Symbol.dispose]();
    expect(semaphore.getValue()).toBe(5);
  });

  it.each([
    ['a time-out in words', { timeout: 'soon' }, TypeError, /options\.timeout .*'soon'/],
    ['a time-out that is NaN', { timeout: Number.NaN }, RangeError, /options\.timeout .*NaN/],
    ['a signal that is none', { signal: {} }, TypeError, /options\.signal/],
    ['options that are a number', 5, TypeError, /options must be an object/],
    ['options that are null', null, TypeError, /options must be an object/],
    ['permits in words', { permits: 'two' }, TypeError, /options\.permits .*'two'/],
    ['no permits', { permits: 0 }, RangeError, /options\.permits .* 0/],
    ['half a permit', { permits: 0.5 }, RangeError, /options\.permits .*0\.5/],
    ['more permits than there ever are', { permits: 2 ** 30 }, RangeError, /options\.permits/],
  ])('refuses %s', async (_, options, type, message) => {
    const semaphore = make(2);
    const thrown = await acquire(semaphore, options as AcquireOptions).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(type);
    expect((thrown as Error).message).toMatch(message);
    expect(semaphore.getValue()).toBe(2);
  });

  it('an aborted signal is refused with its reason before anything happens', async () => {
    const semaphore = make(1);
    const reason = new Error('not wanted any more');
    await expect(acquire(semaphore, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(semaphore.getValue()).toBe(1);
  });

  it('is refused after it was disposed', async () => {
    const semaphore = make(1);
    semaphore[Symbol.dispose]();
    await expect(acquire(semaphore)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    for (const use of [() => semaphore.release(), () => semaphore.getValue()]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    }
  });
}

function partnerSuite(make: Make, acquire: Acquire, startMethod: StartMethod): void {
  it('shares its permits with the partner, and is granted when that releases', async () => {
    for (const target of [partners.hold, partners.holdAsync]) {
      const [semaphore, board] = [make(2), new Board()];
      const partner = start(startMethod, target, semaphore, board, 2);
      await board.until(READY, 1);
      expect(semaphore.getValue()).toBe(0);
      expect(await acquire(semaphore, { timeout: 0 })).toBeNull();
      board.set(GO, 1);
      (await mustHold(acquire(semaphore))).release();
      (await mustHold(acquire(semaphore, { permits: 2 }))).release();
      await partner.join();
      expect(partner.exitCode).toBe(0);
      expect(semaphore.getValue()).toBe(2);
    }
  });

  it('a waiter that is killed changes nothing [247]', async () => {
    const [semaphore, board] = [make(2), new Board()];
    const hold = await mustHold(acquire(semaphore, { permits: 2 }));
    const victims = [partners.want, partners.wantAsync].map((target) =>
      start(startMethod, target, semaphore, board, 1),
    );
    await board.until(READY, 2);
    for (const victim of victims) victim.kill();
    for (const victim of victims) await victim.join();
    expect(board.get(DONE)).toBe(0);
    hold.release();
    (await mustHold(acquire(semaphore, { permits: 2, timeout: 20_000 }))).release();
    expect(semaphore.getValue()).toBe(2);
  });

  it('a call for all permits is not kept out by a partner that always wants one', async () => {
    const [semaphore, board] = [make(2), new Board()];
    const partner = start(startMethod, partners.hog, semaphore, board);
    await board.until(READY, 1);
    (await mustHold(acquire(semaphore, { permits: 2, timeout: 20_000 }))).release();
    await partner.join();
    expect(partner.exitCode).toBe(0);
    expect(board.get(FREE)).toBe(1);
    expect(semaphore.getValue()).toBe(2);
  });

  it('a call for one permit is served although a partner waits for more than there will be', async () => {
    for (const target of [partners.want, partners.wantAsync]) {
      const [semaphore, board] = [make(3), new Board()];
      const kept = await mustHold(acquire(semaphore));
      const partner = start(startMethod, target, semaphore, board, 3);
      await board.until(READY, 1);
      for (let turn = 0; turn < 4; turn++) {
        (await mustHold(acquire(semaphore, { timeout: 20_000 }))).release();
      }
      expect(board.get(DONE)).toBe(0);
      kept.release();
      await board.until(DONE, 1);
      await partner.join();
    }
  });

  it('a reservation of a partner whose event loop is busy does not keep others out', async () => {
    const [semaphore, board] = [make(2), new Board()];
    const kept = await mustHold(acquire(semaphore));
    const partner = start(startMethod, partners.wantAndStall, semaphore, board, 2);
    await board.until(READY, 1);
    const other = await mustHold(acquire(semaphore, { timeout: 20_000 }));
    board.set(GO, 1);
    other.release();
    kept.release();
    await partner.join();
    expect(partner.exitCode).toBe(0);
  });
}

/** What holds only where permits have owners. */
function recoverySuite(acquire: Acquire, startMethod: StartMethod): void {
  it.each(['kill', 'terminate'] as const)(
    'permits of a partner that ends by %s() come back, none twice',
    async (how) => {
      const [semaphore, board] = [new BoundedSemaphore({ value: 5, recover: true }), new Board()];
      const mine = await mustHold(acquire(semaphore));
      const partner = start(startMethod, partners.holdForEver, semaphore, board, 4);
      await board.until(READY, 1);
      expect(semaphore.getValue()).toBe(0);
      partner[how]();
      const heir = await mustHold(acquire(semaphore, { permits: 4, timeout: 20_000 }));
      expect(semaphore.getValue()).toBe(0);
      expect(await acquire(semaphore, { timeout: 0 })).toBeNull();
      heir.release();
      mine.release();
      expect(semaphore.getValue()).toBe(5);
      const all = await mustHold(acquire(semaphore, { permits: 5 }));
      expect(() => semaphore.release(6)).toThrow(
        expect.objectContaining({ code: 'ERR_SEMAPHORE_NOT_HELD' }),
      );
      all.release();
    },
  );

  it('permits of a partner that ends normally come back, and timeout: 0 sees it', async () => {
    const [semaphore, board] = [new BoundedSemaphore({ value: 2, recover: true }), new Board()];
    const partner = start(startMethod, partners.leaveHolding, semaphore, board, 2);
    await partner.join();
    expect(board.get(READY)).toBe(1);
    expect(semaphore.getValue()).toBe(2);
    (await mustHold(acquire(semaphore, { permits: 2, timeout: 0 }))).release();
  });

  it('only the agent that has a permit may release it', async () => {
    const [semaphore, board] = [new BoundedSemaphore({ value: 2, recover: true }), new Board()];
    const hold = await mustHold(acquire(semaphore));
    const partner = start(startMethod, partners.releaseForeign, semaphore, board, 1);
    await partner.join();
    expect(board.get(DONE)).toBe(2);
    expect(semaphore.getValue()).toBe(1);
    expect(() => semaphore[Symbol.dispose]()).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
    hold.release();
    semaphore[Symbol.dispose]();
  });
}
