import { expect, it } from 'vitest';
import { readExecutorOptions } from '../src/executor-options.js';

it('an option that is undefined counts as left out: idle workers stay', () => {
  const leftOut = readExecutorOptions({});
  expect(leftOut.idleTimeout).toBe(Number.POSITIVE_INFINITY);
  expect(readExecutorOptions({ idleTimeout: undefined })).toEqual(leftOut);
  expect(readExecutorOptions({ idleTimeout: 50 }).idleTimeout).toBe(50);
});
