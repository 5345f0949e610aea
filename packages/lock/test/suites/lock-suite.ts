import type { MemoryKind } from '@multiproc/core';
import { type Hold, Lock, RLock } from '@multiproc/lock';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, elapsed } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { describe, expect, it, vi } from 'vitest';
import * as partners from '../fixtures/partners.js';

const { COUNT, GO, HELD, LAST } = partners;

type AnyLock = Lock | RLock;
type Options = { timeout?: number; signal?: AbortSignal };

const FORMS = {
  awaiting: (lock: AnyLock, options: Options = {}) => lock.acquire(options),
  blocking: async (lock: AnyLock, options: Options = {}) => lock.acquireSync(options),
};

const TYPES = { Lock, RLock };

const { start } = partnersOf<StartMethod, Process>(Process);

async function mustHold(hold: Promise<Hold | null>): Promise<Hold> {
  const held = await hold;
  if (!held) throw new Error('the lock was not acquired');
  return held;
}

/** What every lock promises, in one memory. */
export function lockSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [type, Type] of Object.entries(TYPES)) {
    for (const [form, acquire] of Object.entries(FORMS)) {
      describe(`${type}, ${form}, ${memory} memory`, () => {
        aloneSuite(Type, acquire);
        for (const startMethod of startMethods) {
          describe(`with a partner by ${startMethod}`, () =>
            partnerSuite(Type, acquire, startMethod));
        }
      });
    }
  }
}

function aloneSuite(Type: typeof Lock | typeof RLock, acquire: (typeof FORMS)['awaiting']): void {
  it('is free at first, held after acquire, free after release [57]', async () => {
    const lock = new Type();
    expect(lock.locked()).toBe(false);
    const hold = await mustHold(acquire(lock));
    expect(hold.abandoned).toBe(false);
    expect(lock.locked()).toBe(true);
    hold.release();
    expect(lock.locked()).toBe(false);
  });

  it('refuses a second release of the same hold', async () => {
    const hold = await mustHold(acquire(new Type()));
    hold.release();
    expect(() => hold.release()).toThrow(expect.objectContaining({ code: 'ERR_LOCK_NOT_HELD' }));
    expect(() => hold[Symbol.dispose]()).not.toThrow();
  });

  it('a hold releases its own acquisition and no later one', async () => {
    const lock = new Type();
    const early = await mustHold(acquire(lock));
    early.release();
    const late = await mustHold(acquire(lock));
    expect(() => early.release()).toThrow();
    early[Symbol.dispose]();
    expect(lock.locked()).toBe(true);
    late.release();
  });

  it('cannot be disposed while it is held', async () => {
    const lock = new Type();
    const hold = await mustHold(acquire(lock));
    expect(() => lock[Symbol.dispose]()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    hold.release();
    lock[Symbol.dispose]();
    expect(() => lock.locked()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    await expect(acquire(lock)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  });

  it('an aborted signal is refused with its reason before anything happens', async () => {
    const lock = new Type();
    const reason = new Error('not wanted any more');
    await expect(acquire(lock, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(lock.locked()).toBe(false);
  });

  it.each([
    ['a time-out in words', { timeout: 'soon' }, TypeError, /options\.timeout .*'soon'/],
    ['a time-out that is NaN', { timeout: Number.NaN }, RangeError, /options\.timeout .*NaN/],
    ['a signal that is none', { signal: {} }, TypeError, /options\.signal/],
    ['options that are a number', 5, TypeError, /options must be an object/],
    ['options that are null', null, TypeError, /options must be an object/],
  ])('refuses %s', async (_, options, type, message) => {
    const lock = new Type();
    const error = await acquire(lock, options as Options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
    expect(lock.locked()).toBe(false);
  });

  it('is the same object when it is found again by its handle', () => {
    const lock = new Type();
    expect(Type.from(JSON.parse(JSON.stringify(lock)))).toBe(lock);
    const Other = Type === Lock ? RLock : Lock;
    expect(() => Other.from(lock.handle)).toThrow(expect.objectContaining({ code: 'ERR_HANDLE' }));
  });
}

function partnerSuite(
  Type: typeof Lock | typeof RLock,
  acquire: (typeof FORMS)['awaiting'],
  startMethod: StartMethod,
): void {
  it('excludes the partner, whichever form that uses, and is granted when it releases [60]', async () => {
    for (const target of [partners.hold, partners.holdAsync]) {
      const [lock, board] = [new Type(), new Board()];
      const partner = start(startMethod, target, lock, board);
      await board.until(HELD, 1);
      expect(lock.locked()).toBe(true);
      expect(await acquire(lock, { timeout: 0 })).toBeNull();
      expect(await acquire(lock, { timeout: -1 })).toBeNull();
      const waited = await elapsed(() => acquire(lock, { timeout: 60 }));
      expect(waited.result).toBeNull();
      expect(waited.milliseconds).toBeGreaterThanOrEqual(59);
      board.set(GO, 1);
      const hold = await mustHold(acquire(lock));
      expect(hold.abandoned).toBe(false);
      hold.release();
      await partner.join();
      expect(partner.exitCode).toBe(0);
    }
  });

  it('may be released by another agent if it is a Lock, and only by its owner if it is an RLock [222]', async () => {
    const [lock, board] = [new Type(), new Board()];
    const hold = await mustHold(acquire(lock));
    start(startMethod, partners.releaseForeign, lock, board);
    await board.until(HELD, 1);
    expect(board.get(HELD)).toBe(Type === Lock ? 1 : 2);
    expect(lock.locked()).toBe(Type === RLock);
    if (Type === RLock) hold.release();
    else
      expect(() => hold.release()).toThrow(expect.objectContaining({ code: 'ERR_LOCK_NOT_HELD' }));
  });

  it.each(['kill', 'terminate'] as const)(
    'goes to the next waiter when its owner ends by %s(), and says so once [242]',
    async (method) => {
      const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const [lock, board] = [new Type(), new Board()];
      const partner = start(startMethod, partners.holdForEver, lock, board);
      await board.until(HELD, 1);
      partner[method]();
      const heir = await mustHold(acquire(lock, { timeout: 20_000 }));
      expect(heir.abandoned).toBe(true);
      heir.release();
      const next = await mustHold(acquire(lock));
      expect(next.abandoned).toBe(false);
      next.release();
      const codes = warn.mock.calls.map(([, options]) => (options as { code?: string })?.code);
      expect(codes.filter((code) => code === 'MULTIPROC_LOCK_ABANDONED')).toHaveLength(1);
      warn.mockRestore();
    },
  );

  it('is abandoned by an owner that ends normally, and timeout: 0 sees it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [lock, board] = [new Type(), new Board()];
    const partner = start(startMethod, partners.leaveHolding, lock, board);
    await partner.join();
    expect(partner.exitCode).toBe(0);
    expect(board.get(HELD)).toBe(1);
    expect(lock.locked()).toBe(false);
    const heir = await mustHold(acquire(lock, { timeout: 0 }));
    expect(heir.abandoned).toBe(true);
    heir.release();
    warn.mockRestore();
  });

  it('a waiter that was passed over has the next turn, though the partner wants it again at once', async () => {
    for (const target of [partners.hog, partners.hogAsync]) {
      const [lock, board] = [new Type(), new Board()];
      const partner = start(startMethod, target, lock, board);
      await board.until(HELD, 1);
      const hold = await mustHold(acquire(lock, { timeout: 20_000 }));
      board.set(COUNT, 1);
      hold.release();
      await partner.join();
      expect(partner.exitCode).toBe(0);
      expect(board.get(LAST)).toBe(1);
    }
  });
}
