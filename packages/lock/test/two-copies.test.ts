import { Lock, RLock } from '@multiproc/lock';
import { expect, it } from 'vitest';

/** The package a second time in this thread, as two versions of it would be. */
const copy = (await import(`${import.meta.resolve('@multiproc/lock')}?copy`)) as {
  Lock: typeof Lock;
  RLock: typeof RLock;
};

it.each(['Lock', 'RLock'] as const)('two copies of the package share a named %s', (type) => {
  const mine = new { Lock, RLock }[type]({ name: `copied ${type}` });
  const other = new copy[type]({ name: `copied ${type}` });
  expect(copy[type]).not.toBe(type === 'Lock' ? Lock : RLock);
  expect(other).toBeInstanceOf(copy[type]);
  expect(other.handle).toEqual(mine.handle);
  const hold = mine.acquireSync();
  expect(other.locked()).toBe(true);
  expect(other.acquireSync({ timeout: 0 })).toBeNull();
  hold.release();
  other.acquireSync().release();
  other[Symbol.dispose]();
  expect(mine.locked()).toBe(false);
  mine.acquireSync().release();
});
