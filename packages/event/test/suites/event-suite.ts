import { inspect } from 'node:util';
import { currentFamily, type MemoryKind, SLOT } from '@multiproc/core';
import { Event } from '@multiproc/event';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, elapsed, eventually } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { describe, expect, it } from 'vitest';
import * as partners from '../fixtures/partners.js';

const { ENDED, SERVED, WAITING } = partners;

type Options = { timeout?: number; signal?: AbortSignal };

const FORMS = {
  awaiting: (event: Event, options: Options = {}) => event.wait(options),
  blocking: async (event: Event, options: Options = {}) => event.waitSync(options),
};

type Wait = (typeof FORMS)['awaiting'];

const { start } = partnersOf<StartMethod, Process>(Process);

/** How many agents sleep on the event: it stands in their places of the agent table. */
function sleepers(event: Event): number {
  const { table } = currentFamily();
  // After 16 bytes of header and the epoch.
  const events = (event.handle.offset + 16) / 4 + 1;
  return [...table.tenants()].filter((id) => table.get(id, SLOT.WAITING_ON) === events).length;
}

/** What every event promises, in one memory. */
export function eventSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [form, wait] of Object.entries(FORMS)) {
    describe(`${form}, ${memory} memory`, () => {
      aloneSuite(wait);
      for (const startMethod of startMethods) {
        describe(`with a partner by ${startMethod}`, () => partnerSuite(wait, startMethod));
      }
    });
  }
}

function aloneSuite(wait: Wait): void {
  it('is not set at first; wait() is false after the time-out, true when it is set, false after clear() [74]', async () => {
    const event = new Event();
    expect(event.isSet()).toBe(false);
    expect(await wait(event, { timeout: 0 })).toBe(false);
    expect(await wait(event, { timeout: -1 })).toBe(false);
    const waited = await elapsed(() => wait(event, { timeout: 30 }));
    expect(waited.result).toBe(false);
    expect(waited.milliseconds).toBeGreaterThanOrEqual(29);
    event.set();
    expect(event.isSet()).toBe(true);
    expect(await wait(event, { timeout: 0 })).toBe(true);
    expect(await wait(event)).toBe(true);
    event.clear();
    expect(event.isSet()).toBe(false);
    expect(await wait(event, { timeout: 0 })).toBe(false);
  });

  it('set() and clear() may be repeated', async () => {
    const event = new Event();
    event.clear();
    event.set();
    event.set();
    expect(await wait(event)).toBe(true);
    event.clear();
    event.clear();
    expect(event.isSet()).toBe(false);
  });

  it('inspection shows set and unset [75]', () => {
    const event = new Event();
    expect(inspect(event)).toMatch(/^Event \{ unset, /);
    event.set();
    expect(inspect(event)).toMatch(/^Event \{ set, /);
    event[Symbol.dispose]();
    expect(inspect(event)).toMatch(/^Event \{ disposed, /);
  });

  it.each([
    ['a time-out in words', { timeout: 'soon' }, TypeError, /options\.timeout .*'soon'/],
    ['a time-out that is NaN', { timeout: Number.NaN }, RangeError, /options\.timeout .*NaN/],
    ['a signal that is none', { signal: {} }, TypeError, /options\.signal/],
    ['options that are a number', 5, TypeError, /options must be an object/],
  ])('refuses %s', async (_, options, type, message) => {
    const error = await wait(new Event(), options as Options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
  });

  it('an aborted signal is refused with its reason, also when the event is set', async () => {
    const event = new Event();
    event.set();
    const reason = new Error('not wanted any more');
    await expect(wait(event, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('is refused after it was disposed', async () => {
    const event = new Event();
    event[Symbol.dispose]();
    await expect(wait(event)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    for (const use of [() => event.set(), () => event.clear(), () => event.isSet()]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    }
  });
}

function partnerSuite(wait: Wait, startMethod: StartMethod): void {
  it('wait() goes on when the partner sets it [74]', async () => {
    const [event, board] = [new Event(), new Board()];
    const partner = start(startMethod, partners.set, event, board);
    expect(await wait(event, { timeout: 20_000 })).toBe(true);
    await partner.join();
    expect(event.isSet()).toBe(true);
  });

  it('wait() is true although the partner clears it at once', async () => {
    const event = new Event();
    const partner = start(startMethod, partners.setAndClear, event);
    expect(await wait(event, { timeout: 20_000 })).toBe(true);
    await partner.join();
    expect(event.isSet()).toBe(false);
  });

  it('set() and clear() wake every partner, whichever form it uses', async () => {
    const [event, board] = [new Event(), new Board()];
    const targets = [partners.waitOnce, partners.waitOnceAsync, partners.waitOnce];
    for (const target of targets) start(startMethod, target, event, board);
    const mine = wait === FORMS.awaiting ? event.wait() : undefined;
    await board.until(WAITING, 3);
    await eventually(() => sleepers(event) === 2, 20_000, 'the blocking partners are asleep');
    event.set();
    event.clear();
    await board.until(SERVED, 3);
    if (mine) expect(await mine).toBe(true);
    expect(event.isSet()).toBe(false);
    expect(board.get(ENDED)).toBe(0);
  });

  it.each(['kill', 'terminate'] as const)(
    'a waiter that ends by %s() disturbs neither set() nor the other waiters [245]',
    async (how) => {
      const [event, board] = [new Event(), new Board()];
      const victims = [partners.waitOnce, partners.waitOnceAsync].map((target) =>
        start(startMethod, target, event, board),
      );
      const other = start(startMethod, partners.waitOnce, event, board);
      await board.until(WAITING, 3);
      await eventually(() => sleepers(event) === 2, 20_000, 'the blocking partners are asleep');
      for (const victim of victims) victim[how]();
      for (const victim of victims) await victim.join();
      event.set();
      expect(await wait(event)).toBe(true);
      await other.join();
      expect(other.exitCode).toBe(0);
      expect(board.get(SERVED)).toBe(1);
    },
  );
}
