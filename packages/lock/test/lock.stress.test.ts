import { Lock, RLock } from '@multiproc/lock';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ROUNDS = 200_000;

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

it.each([
  ['Lock', Lock],
  ['RLock', RLock],
])(
  '%s: two processes and three threads, blocking and awaiting, count exactly one million',
  async (_, Type) => {
    const [lock, board] = [new Type(), new Board()];
    for (const startMethod of ['spawn', 'thread'] as const) {
      start(startMethod, partners.count, lock, board, ROUNDS);
      start(startMethod, partners.countAsync, lock, board, ROUNDS);
    }
    start('thread', partners.count, lock, board, ROUNDS);
    expect(await joinAll()).toEqual([0, 0, 0, 0, 0]);
    expect(board.get(partners.COUNT)).toBe(5 * ROUNDS);
    expect(lock.locked()).toBe(false);
  },
);
