import { Pool, ThreadPool } from '@multiproc/pool';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import * as tasks from './fixtures/tasks.js';
import { half } from './fixtures/typed.js';
import { codeOf, errorOf } from './suites/errors.js';

describe('options of the wrong type or value are refused before anything is started', () => {
  it.each<[string, object, string]>([
    ['no workers [162]', { processes: 0 }, 'ERR_OUT_OF_RANGE'],
    ['fewer than none [162]', { processes: -1 }, 'ERR_OUT_OF_RANGE'],
    ['half a worker', { processes: 1.5 }, 'ERR_OUT_OF_RANGE'],
    ['a name for a number', { processes: 'two' }, 'ERR_INVALID_ARG_TYPE'],
    ['min above max', { processes: { min: 3, max: 2 } }, 'ERR_OUT_OF_RANGE'],
    ['an initializer that cannot be called [176]', { initializer: 5 }, 'ERR_INVALID_ARG_TYPE'],
    ['an initializer that is not exported', { initializer: () => 1 }, 'ERR_NOT_EXPORTED'],
    ['initargs that are no list', { initargs: 5 }, 'ERR_INVALID_ARG_TYPE'],
    ['a quota of 0 [174]', { maxtasksperchild: 0 }, 'ERR_OUT_OF_RANGE'],
    ['a quota of -1 [174]', { maxtasksperchild: -1 }, 'ERR_OUT_OF_RANGE'],
    ['a quota of one half [174]', { maxtasksperchild: 0.5 }, 'ERR_OUT_OF_RANGE'],
    ['a quota of "12" [174]', { maxtasksperchild: '12' }, 'ERR_OUT_OF_RANGE'],
    ['an unknown start method', { processes: 1, startMethod: 'fork' }, 'ERR_START_METHOD'],
    ['a negative queue', { maxQueue: -1 }, 'ERR_OUT_OF_RANGE'],
    ['no tasks per worker', { tasksPerWorker: 0 }, 'ERR_OUT_OF_RANGE'],
    ['a grace period that is no number', { grace: 'long' }, 'ERR_INVALID_ARG_TYPE'],
    ['too many workers', { processes: 10_000 }, 'ERR_POOL_BUDGET'],
    ['no object', 5 as never, 'ERR_INVALID_ARG_TYPE'],
  ])('%s', (_, options, code) => {
    expect(codeOf(() => new Pool(options))).toBe(code);
  });
});

describe('options of tasks', () => {
  const pool = new ThreadPool({ processes: 1 });
  afterAll(async () => {
    pool.close();
    await pool.join();
  });

  it.each<[string, object]>([
    ['timeout', { timeout: 'long' }],
    ['signal', { signal: {} }],
    ['priority', { priority: 'high' }],
    ['affinity', { affinity: {} }],
    ['transfer', { transfer: [1] }],
    ['onProgress', { onProgress: 5 }],
    ['retries', { retries: '1' }],
    ['kwargs', { kwargs: [1] }],
  ])('%s of the wrong type is refused with its name', async (name, options) => {
    const error = await errorOf(pool.apply(tasks.square, [1], options));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(error.message).toContain(`options.${name}`);
  });

  it('arguments that are no list, and input that is not iterable, are refused', async () => {
    await expect(pool.apply(tasks.square, 5 as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
    await expect(pool.map(tasks.square, 5 as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
    expect(codeOf(() => pool.applyAsync({} as never))).toBe('ERR_INVALID_ARG_TYPE');
  });

  it('types of results follow from the function', async () => {
    expectTypeOf(pool.map(half, [1, 2])).toEqualTypeOf<Promise<number[]>>();
    expectTypeOf(pool.apply(half, [1])).toEqualTypeOf<Promise<number>>();
    expectTypeOf(pool.imap(half, [1]).next()).resolves.toHaveProperty('value');
    // @ts-expect-error: a string is no number
    await expect(pool.apply(half, ['x'])).resolves.toBeNaN();
    expect(await pool.map(half, [1, 2])).toEqual([0.5, 1]);
  });
});
