import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { Value } from '@multiproc/shared';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ROUNDS = 20_000;

it('two processes and three threads, atomically and under locks, blocking and awaiting, count exactly', async () => {
  const values = {
    atomic: new Value('i'),
    big: new Value('q', 2n ** 40n),
    locked: new Value('I'),
    float: new Value('d', 0, { lock: new Lock() }),
  };
  const team = [
    new Process({ target: partners.count, args: [values, ROUNDS], startMethod: 'spawn' }),
    new Process({ target: partners.countAsync, args: [values, ROUNDS], startMethod: 'spawn' }),
    new Process({ target: partners.count, args: [values, ROUNDS], startMethod: 'thread' }),
    new Process({ target: partners.countAsync, args: [values, ROUNDS], startMethod: 'thread' }),
    new Process({ target: partners.count, args: [values, ROUNDS], startMethod: 'thread' }),
  ];
  for (const member of team) member.start();
  for (const member of team) await member.join();
  expect(team.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
  expect(values.atomic.value).toBe(5 * ROUNDS);
  expect(values.big.value).toBe(2n ** 40n - 5n * BigInt(ROUNDS));
  expect(values.locked.value).toBe(5 * ROUNDS);
  expect(values.float.value).toBe(2.5 * ROUNDS);
});
