import { inspect } from 'node:util';
import { Process } from '@multiproc/process';
import { BoundedSemaphore, Semaphore } from '@multiproc/semaphore';
import { Board, reapAll, spawnProgram, timersRunBeside } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const tooOften = expect.objectContaining({ code: 'ERR_SEMAPHORE_RELEASED_TOO_OFTEN' });

describe('Semaphore', () => {
  it('has one permit unless told otherwise; a number is the value, as in Python', () => {
    expect(new Semaphore().getValue()).toBe(1);
    expect(new Semaphore(0).getValue()).toBe(0);
    expect(new Semaphore({ value: 7 }).getValue()).toBe(7);
    expect(new BoundedSemaphore(3).getValue()).toBe(3);
  });

  it.each([
    [-1, RangeError, /value must be a whole number from 0 to 1073741823, but is -1/],
    [1.5, RangeError, /value/],
    [2 ** 30, RangeError, /value/],
    ['3', TypeError, /options must be an object/],
    [null, TypeError, /options must be an object/],
    [{ value: '3' }, TypeError, /value .*'3'/],
    [{ name: 3 }, TypeError, /options\.name/],
  ])('refuses %j as its value or options [224]', (given, type, message) => {
    for (const Type of [Semaphore, BoundedSemaphore]) {
      expect(() => new Type(given as never)).toThrow(type);
      expect(() => new Type(given as never)).toThrow(message);
    }
  });

  it('may have more permits than at first [64]', () => {
    const semaphore = new Semaphore(1);
    semaphore.release();
    semaphore.release(3);
    expect(semaphore.getValue()).toBe(5);
  });

  it('refuses to have more permits than it can count, and changes nothing', () => {
    const semaphore = new Semaphore(2 ** 30 - 2);
    expect(() => semaphore.release(2)).toThrow(tooOften);
    semaphore.release();
    expect(() => semaphore.release()).toThrow(tooOften);
    expect(semaphore.getValue()).toBe(2 ** 30 - 1);
  });

  it.each([0, -1, 1.5, Number.NaN])('release(%d) is refused', (permits) => {
    expect(() => new Semaphore().release(permits)).toThrow(/permits must be a whole number/);
  });

  it('any agent may release what another acquired [222]', async () => {
    const [semaphore, board] = [new Semaphore(2), new Board()];
    semaphore.acquireSync({ permits: 2 });
    const partner = new Process({ target: partners.releaseForeign, args: [semaphore, board, 2] });
    partner.start();
    await partner.join();
    expect(semaphore.getValue()).toBe(2);
  });

  it('is the same object when it is found again by its handle or name', () => {
    const semaphore = new Semaphore({ name: 'semaphore.test', value: 4 });
    expect(new Semaphore({ name: 'semaphore.test', value: 9 })).toBe(semaphore);
    expect(Semaphore.from(JSON.parse(JSON.stringify(semaphore)))).toBe(semaphore);
    expect(() => BoundedSemaphore.from(semaphore.handle)).toThrow(
      expect.objectContaining({ code: 'ERR_HANDLE' }),
    );
    expect(new BoundedSemaphore({ name: 'semaphore.test' })).not.toBe(semaphore);
  });

  it('inspection shows the value', () => {
    expect(inspect(new Semaphore(3))).toMatch(/^Semaphore \{ value: 3, /);
  });

  it('serves the calls of one agent for equally many permits in the order in which they were made', async () => {
    const semaphore = new Semaphore(0);
    const order: number[] = [];
    const calls = Array.from({ length: 20 }, (_, call) =>
      semaphore.acquire().then(() => order.push(call)),
    );
    for (const _ of calls) semaphore.release();
    await Promise.all(calls);
    expect(order).toEqual(calls.map((_, call) => call));
  });

  it('a call for fewer permits need not stand behind one that there is not enough for', async () => {
    const semaphore = new Semaphore(2);
    const order: number[] = [];
    const calls = [5, 3, 2].map((permits) =>
      semaphore.acquire({ permits }).then(() => order.push(permits)),
    );
    await calls[2];
    semaphore.release(3);
    await calls[1];
    semaphore.release(5);
    await calls[0];
    expect(order).toEqual([2, 3, 5]);
  });

  it('a blocking call does not wait for what an awaiting call of its own agent has reserved', async () => {
    const semaphore = new Semaphore(1);
    const large = semaphore.acquire({ permits: 2 });
    // The event loop looks around every 100 ms, and the call reserves.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(semaphore.acquireSync({ timeout: 0 })).not.toBeNull();
    semaphore.release(2);
    (await large).release();
  });

  it('a wait that is aborted rejects with the reason, and the next one is served', async () => {
    const semaphore = new Semaphore(0);
    const controller = new AbortController();
    const aborted = semaphore.acquire({ signal: controller.signal });
    const next = semaphore.acquire();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    semaphore.release();
    (await next).release();
    expect(semaphore.getValue()).toBe(1);
  });

  it('runExclusive gives what the function gives, and gives the permits back when it throws', async () => {
    const semaphore = new Semaphore(3);
    const left = await semaphore.runExclusive(() => semaphore.getValue(), { permits: 2 });
    expect(left).toBe(1);
    const failure = semaphore.runExclusive(async () => {
      throw new Error('inside');
    });
    await expect(failure).rejects.toThrow('inside');
    expect(semaphore.getValue()).toBe(3);
  });

  it('runExclusive says when the time-out has passed, and refuses what is no function', async () => {
    const semaphore = new Semaphore(0);
    const late = semaphore.runExclusive(() => expect.unreachable(), { timeout: 5 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await expect(semaphore.runExclusive(5 as never)).rejects.toThrow(/fn must be a function/);
  });

  it('cannot be disposed while a call waits for it', async () => {
    const semaphore = new Semaphore(0);
    for (const permits of [1, 2]) {
      const waiting = semaphore.acquire({ permits });
      expect(() => semaphore[Symbol.dispose]()).toThrow(
        expect.objectContaining({ code: 'ERR_DISPOSED' }),
      );
      semaphore.release(permits);
      await waiting;
    }
    semaphore[Symbol.dispose]();
  });

  it('two flows that hand a permit to and fro let timers run', async () => {
    const semaphore = new Semaphore();
    const flow = () => timersRunBeside(() => semaphore.runExclusive(async () => {}));
    expect(await Promise.all([flow(), flow()])).toEqual([true, true]);
  });
});

describe('BoundedSemaphore', () => {
  it.each([false, true])('refuses more permits than at first, recover: %s [223]', (recover) => {
    const semaphore = new BoundedSemaphore({ value: 2, recover });
    const code = recover ? 'ERR_SEMAPHORE_NOT_HELD' : 'ERR_SEMAPHORE_RELEASED_TOO_OFTEN';
    expect(() => semaphore.release()).toThrow(expect.objectContaining({ code }));
    const hold = semaphore.acquireSync();
    expect(() => semaphore.release(2)).toThrow(expect.objectContaining({ code }));
    expect(semaphore.getValue()).toBe(1);
    semaphore.release();
    expect(semaphore.getValue()).toBe(2);
    expect(() => hold.release()).toThrow(expect.objectContaining({ code }));
    expect(semaphore.getValue()).toBe(2);
  });

  it('refuses a call for more permits than it ever has at once', () => {
    for (const recover of [false, true]) {
      const semaphore = new BoundedSemaphore({ value: 3, recover });
      expect(() => semaphore.acquireSync({ permits: 4 })).toThrow(/from 1 to 3, but is 4/);
    }
  });

  it('has at most 1024 permits with recover, and says what recover must be', () => {
    expect(new BoundedSemaphore({ value: 1024, recover: true }).getValue()).toBe(1024);
    expect(() => new BoundedSemaphore({ value: 1025, recover: true })).toThrow(RangeError);
    expect(() => new BoundedSemaphore({ recover: 1 } as never)).toThrow(/options\.recover/);
  });

  it('whoever receives it knows that its permits have owners', async () => {
    const made = new BoundedSemaphore({ value: 2, recover: true });
    const board = new Board();
    const hold = made.acquireSync();
    const partner = new Process({ target: partners.releaseForeign, args: [made, board, 1] });
    partner.start();
    await partner.join();
    expect(board.get(partners.DONE)).toBe(2);
    hold.release();
  });
});

describe('workers of node:cluster', () => {
  afterEach(reapAll);

  it('share a semaphore by its name when they are given familyEnv()', async () => {
    const program = spawnProgram(new URL('./fixtures/cluster.js', import.meta.url));
    const { code } = await program.exited;
    expect(program.stderr).toBe('');
    expect(program.stdout).toBe('2 upload, 0 may begin\n2 upload, 0 may begin\nall are done\n');
    expect(code).toBe(0);
  });
});

it('a later call goes behind one that waits, though a permit is free already', async () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.acquireSync();
  const order: string[] = [];
  const call = async (name: string) => {
    const hold = await semaphore.acquire();
    order.push(name);
    hold.release();
  };
  const first = call('first');
  held.release();
  await Promise.all([first, call('second')]);
  expect(order).toEqual(['first', 'second']);
});
