import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { isMultiprocError, TimeoutError } from '@multiproc/core';
import {
  asCompleted,
  CancelledError,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  wait,
} from '@multiproc/executor';
import { within } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';

/** One future in each state. */
function oneOfEach() {
  const make = () => new Future<number>();
  const [pending, running, cancelled, notified, failed, finished] = [
    make(),
    make(),
    make(),
    make(),
    make(),
    make(),
  ] as const;
  running.setRunningOrNotifyCancel();
  cancelled.cancel();
  notified.cancel();
  notified.setRunningOrNotifyCancel();
  failed.setException(new RangeError('failed'));
  finished.setResult(42);
  return { pending, running, cancelled, notified, failed, finished };
}

const collect = async <T>(items: AsyncIterable<T>): Promise<Awaited<T>[]> => {
  const all: Awaited<T>[] = [];
  for await (const item of items) all.push(item as Awaited<T>);
  return all;
};

describe('a future', () => {
  it('can be cancelled only before it runs, and again [216]', () => {
    const all = oneOfEach();
    const cancelled = Object.values(all).map((future) => future.cancel());
    expect(cancelled).toEqual([true, false, true, true, false, false]);
    expect(Object.values(all).map((future) => future.cancelled())).toEqual(cancelled);
    expect(all.pending.done()).toBe(true);
  });

  it('tells its state by cancelled(), running() and done()', () => {
    const states = Object.values(oneOfEach()).map((future) => [
      future.cancelled(),
      future.running(),
      future.done(),
    ]);
    expect(states).toEqual([
      [false, false, false],
      [false, true, false],
      [true, false, true],
      [true, false, true],
      [false, false, true],
      [false, false, true],
    ]);
  });

  it('gives its result, its error, or says that it has none yet [217]', async () => {
    const all = oneOfEach();
    const now = { timeout: 0 };
    for (const future of [all.pending, all.running]) {
      await expect(future.result(now)).rejects.toBeInstanceOf(TimeoutError);
      await expect(future.exception({ timeout: 2 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    }
    for (const future of [all.cancelled, all.notified]) {
      await expect(future.result(now)).rejects.toBeInstanceOf(CancelledError);
      await expect(future.exception(now)).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
    }
    await expect(all.failed.result(now)).rejects.toThrow('failed');
    expect(await all.failed.exception(now)).toBeInstanceOf(RangeError);
    expect(await all.finished.result(now)).toBe(42);
    expect(await all.finished.exception(now)).toBe(null);
  });

  it('wakes those who wait for its result, its error, or its end by cancelling', async () => {
    const [good, bad, gone] = [new Future<number>(), new Future<number>(), new Future<number>()];
    const waiting = Promise.allSettled([
      good.result(),
      good,
      bad.exception({ timeout: 20_000 }),
      gone.result(),
    ]);
    await turn();
    good.setResult(1);
    bad.setException('text');
    gone.cancel();
    expect(await waiting).toMatchObject([
      { value: 1 },
      { value: 1 },
      { value: 'text' },
      { reason: { code: 'ERR_CANCELLED' } },
    ]);
  });

  it('stops waiting when the signal is aborted, and has a result afterwards', async () => {
    const future = new Future<number>();
    const controller = new AbortController();
    const waiting = future.result({ signal: controller.signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    future.setResult(1);
    expect(await future).toBe(1);
  });

  it('keeps its first outcome when it gets a second one [219]', async () => {
    const { failed, finished, cancelled } = oneOfEach();
    for (const future of [failed, finished, cancelled]) {
      for (const set of [() => future.setResult(1), () => future.setException(new Error('late'))]) {
        expect(set).toThrow(expect.objectContaining({ code: 'ERR_FUTURE_STATE' }));
      }
    }
    expect(await finished).toBe(42);
    expect(() => finished.setRunningOrNotifyCancel()).toThrow(/finished returned number/);
  });

  it('is a promise: finally, catch, and an error that nobody asks for does no harm', async () => {
    const { failed, finished } = oneOfEach();
    expect(await finished.finally(() => {})).toBe(42);
    expect(await failed.catch((error) => (error as Error).name)).toBe('RangeError');
    expect(await Promise.all([finished, 1])).toEqual([42, 1]);
  });

  it('shows its state and what kind of outcome it has [220]', () => {
    expect(Object.values(oneOfEach()).map((future) => inspect(future))).toEqual([
      'Future <pending>',
      'Future <running>',
      'Future <cancelled>',
      'Future <cancelled>',
      'Future <finished raised RangeError>',
      'Future <finished returned number>',
    ]);
  });
});

describe('done callbacks', () => {
  const warnings: { code?: string; message: string }[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  afterEach(() => {
    process.off('warning', listen);
    warnings.length = 0;
  });

  it('get the future after a result, an error and cancelling, in order, once [218]', () => {
    for (const end of [
      (future: Future<number>) => future.setResult(1),
      (future: Future<number>) => future.setException(new Error('x')),
      (future: Future<number>) => future.cancel(),
    ]) {
      const future = new Future<number>();
      const seen: unknown[] = [];
      for (const i of [1, 2, 3]) future.addDoneCallback((done) => seen.push([i, done === future]));
      end(future);
      expect(seen).toEqual([
        [1, true],
        [2, true],
        [3, true],
      ]);
      future.addDoneCallback(() => seen.push('at once'));
      expect(seen).toHaveLength(4);
    }
  });

  it('that throw or reject cause a warning, and the others are called [218]', async () => {
    process.on('warning', listen);
    const future = new Future<number>();
    const seen: number[] = [];
    future.addDoneCallback(() => {
      throw new Error('first is bad');
    });
    future.addDoneCallback(async () => {
      throw new Error('second is bad');
    });
    future.addDoneCallback(() => seen.push(3));
    future.setResult(1);
    expect(seen).toEqual([3]);
    await turn();
    expect(warnings.map(({ code }) => code)).toEqual([
      'MULTIPROC_FUTURE_CALLBACK',
      'MULTIPROC_FUTURE_CALLBACK',
    ]);
    expect(warnings[0]?.message).toContain('first is bad');
  });

  it('have to be functions', () => {
    expect(() => new Future().addDoneCallback(1 as never)).toThrow(TypeError);
  });
});

describe('wait', () => {
  it('counts a future once and returns at once when any is over [213]', async () => {
    const { pending, finished, failed } = oneOfEach();
    const first = await wait([pending, finished, finished], { returnWhen: FIRST_COMPLETED });
    expect(first).toEqual({ done: new Set([finished]), notDone: new Set([pending]) });
    const bad = await wait([pending, finished, failed], { returnWhen: FIRST_EXCEPTION });
    expect(bad.done).toEqual(new Set([finished, failed]));
  });

  it('waits for the first that is over, the first error, or for all [213]', async () => {
    const make = () => [new Future<number>(), new Future<number>(), new Future<number>()] as const;
    const [a, b, c] = make();
    const first = wait([a, b, c], { returnWhen: 'FIRST_COMPLETED' });
    const error = wait([a, b, c], { returnWhen: 'FIRST_EXCEPTION' });
    const all = wait([a, b, c]);
    b.setResult(1);
    expect((await first).done).toEqual(new Set([b]));
    a.setException(new Error('x'));
    expect((await error).done).toEqual(new Set([a, b]));
    c.setResult(1);
    expect((await all).notDone.size).toBe(0);
  });

  it('splits them after the time-out, also after none [213]', async () => {
    const { pending, finished, running } = oneOfEach();
    for (const timeout of [0, 2]) {
      const { done, notDone } = await wait([pending, finished, running], { timeout });
      expect([done, notDone]).toEqual([new Set([finished]), new Set([pending, running])]);
    }
  });

  it('counts a cancelled future when whoever works on it has been told [214]', async () => {
    const { cancelled, notified, pending } = oneOfEach();
    const first = await wait([cancelled, notified, pending], { returnWhen: FIRST_COMPLETED });
    expect(first.done).toEqual(new Set([notified]));
    const second = wait([cancelled]);
    expect(cancelled.setRunningOrNotifyCancel()).toBe(false);
    expect((await second).done).toEqual(new Set([cancelled]));
  });

  it('of nothing gives two empty sets, and refuses what it does not know [262]', async () => {
    for (const returnWhen of [FIRST_COMPLETED, FIRST_EXCEPTION, 'ALL_COMPLETED'] as const) {
      const { done, notDone } = await wait([], { returnWhen });
      expect([done.size, notDone.size]).toEqual([0, 0]);
    }
    await expect(wait([], { returnWhen: 'SOME' as never })).rejects.toBeInstanceOf(RangeError);
    await expect(wait([1 as never])).rejects.toBeInstanceOf(TypeError);
    await expect(wait(5 as never)).rejects.toBeInstanceOf(TypeError);
  });

  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const waiting = wait([new Future()], { signal: controller.signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });
});

describe('asCompleted', () => {
  it('gives those that are over first, each once, then as they come [215]', async () => {
    const [a, b, c] = [new Future<string>(), new Future<string>(), new Future<string>()];
    c.setResult('c');
    const order: Future<string>[] = [];
    for await (const future of asCompleted([a, b, a, c, c])) {
      order.push(future);
      if (future === c) b.setException(new Error('x'));
      if (future === b) a.cancel();
      if (future === b) a.setRunningOrNotifyCancel();
    }
    expect(order.map((future) => [a, b, c].indexOf(future))).toEqual([2, 1, 0]);
  });

  it('gives the finished ones and then says how many are not, with time-out 0 [215]', async () => {
    const { pending, running, finished, failed } = oneOfEach();
    for (const timeout of [0, 3]) {
      const given: unknown[] = [];
      const iterator = asCompleted([pending, finished, running, failed, finished], { timeout });
      const loop = async () => {
        for await (const future of iterator) given.push(future.done());
      };
      await expect(loop()).rejects.toThrow('2 (of 4) futures unfinished');
      expect(given).toEqual([true, true]);
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    }
  });

  it('of nothing is over at once, and the loop may be left', async () => {
    expect(await collect(asCompleted([]))).toEqual([]);
    const future = new Future<number>();
    const iterator = asCompleted([future]);
    const waiting = iterator.next();
    await iterator.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    future.setResult(1);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('serves several calls of next() at once', async () => {
    const futures = [new Future<number>(), new Future<number>(), new Future<number>()];
    const iterator = asCompleted(futures);
    const nexts = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
    for (const [i, future] of futures.entries()) future.setResult(i);
    const results = await Promise.all(nexts);
    const seen = new Set(results.map(({ value }) => value));
    expect(seen).toEqual(new Set([...futures, undefined]));
  });

  it('rejects with the reason of a signal that is aborted between two futures', async () => {
    const controller = new AbortController();
    const finished = new Future<number>();
    finished.setResult(1);
    const futures = asCompleted([finished, new Future<number>()], { signal: controller.signal });
    expect((await futures.next()).value).toBe(finished);
    controller.abort('enough');
    await expect(within(20_000, futures.next(), 'the end')).rejects.toBe('enough');
    expect(await futures.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects with the reason of the signal, and what it throws can be told by its code', async () => {
    const controller = new AbortController();
    const waiting = asCompleted([new Future()], { signal: controller.signal }).next();
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    const late = asCompleted([new Future()], { timeout: 0 }).next();
    expect(isMultiprocError(await late.catch((error) => error), 'ERR_TIMEOUT')).toBe(true);
    expect(() => asCompleted([new Future(), 1 as never])).toThrow(TypeError);
  });
});
