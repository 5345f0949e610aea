import { Lock } from '@multiproc/lock';
import { Process, type StartMethod } from '@multiproc/process';
import { Value } from '@multiproc/shared';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ROUNDS = 20_000;

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

it('two processes and three threads, atomically and under locks, blocking and awaiting, count exactly', async () => {
  const values = {
    atomic: new Value('i'),
    big: new Value('q', 2n ** 40n),
    locked: new Value('I'),
    float: new Value('d', 0, { lock: new Lock() }),
  };
  for (const startMethod of ['spawn', 'thread'] as const) {
    start(startMethod, partners.count, values, ROUNDS);
    start(startMethod, partners.countAsync, values, ROUNDS);
  }
  start('thread', partners.count, values, ROUNDS);
  expect(await joinAll()).toEqual([0, 0, 0, 0, 0]);
  expect(values.atomic.value).toBe(5 * ROUNDS);
  expect(values.big.value).toBe(2n ** 40n - 5n * BigInt(ROUNDS));
  expect(values.locked.value).toBe(5 * ROUNDS);
  expect(values.float.value).toBe(2.5 * ROUNDS);
});
