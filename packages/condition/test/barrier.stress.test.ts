import { Barrier } from '@multiproc/condition';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ROUNDS = 10_000;

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

it('two processes and two threads, blocking and awaiting, meet ten thousand times', async () => {
  const [barrier, board] = [new Barrier(4), new Board()];
  for (const target of [partners.meet, partners.meetAsync]) {
    start('spawn', target, barrier, board, ROUNDS);
    start('thread', target, barrier, board, ROUNDS);
  }
  expect(await joinAll()).toEqual([0, 0, 0, 0]);
  const perIndex = [0, 1, 2, 3].map((index) => board.get(partners.MEMBERS + index));
  expect(perIndex).toEqual([ROUNDS, ROUNDS, ROUNDS, ROUNDS]);
  expect([board.get(partners.COUNT), board.get(partners.LATE)]).toEqual([4 * ROUNDS, 0]);
  expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
});
