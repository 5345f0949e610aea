import { availableParallelism, cpus } from 'node:os';
import {
  cpuCount,
  getAllStartMethods,
  getContext,
  Process,
  setExecutable,
} from '@multiproc/process';
import { describe, expect, it } from 'vitest';
import * as targets from './fixtures/targets.js';

describe('a context', () => {
  it.each(['spawn', 'thread'] as const)('of %s starts its processes that way', async (method) => {
    const context = getContext(method);
    const child = new context.Process({ target: targets.sleep });
    expect(child).toBeInstanceOf(Process);
    expect(child.name).toMatch(/^Process-\d+$/);
    child.start();
    expect(child.pid === process.pid).toBe(method === 'thread');
    expect(context.activeChildren()).toEqual([child]);
    child.kill();
    await child.join();
    expect(child.exitCode).toBe(-9);
  });

  it('may be the base of a subclass', () => {
    class Base extends getContext('thread').Process {}
    expect(new Base().name).toMatch(/^Base-\d+$/);
  });
});

it('cpuCount() is that of the machine [14]', () => {
  expect(cpuCount()).toBe(cpus().length || availableParallelism());
  expect(Number.isInteger(cpuCount())).toBe(true);
});

it('the first start method is the default', () => {
  expect(getAllStartMethods()).toEqual(['spawn', 'thread']);
});

it.each([
  ['a string', process.execPath],
  ['bytes', Buffer.from(process.execPath)],
  ['a URL', new URL(`file://${process.execPath}`)],
])('setExecutable takes %s [30]', async (_, path) => {
  setExecutable(path);
  const child = new Process({ target: targets.empty, startMethod: 'spawn' });
  child.start();
  await child.join();
  expect(child.exitCode).toBe(0);
});
