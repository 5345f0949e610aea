import { Barrier } from '@multiproc/condition';
import { Process } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ROUNDS = 10_000;

it('two processes and two threads, blocking and awaiting, meet ten thousand times', async () => {
  const [barrier, board] = [new Barrier(4), new Board()];
  const team = (['spawn', 'thread'] as const).flatMap((startMethod) =>
    [partners.meet, partners.meetAsync].map(
      (target) => new Process({ target, args: [barrier, board, ROUNDS], startMethod }),
    ),
  );
  for (const member of team) member.start();
  for (const member of team) await member.join();
  expect(team.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  const perIndex = [0, 1, 2, 3].map((index) => board.get(partners.MEMBERS + index));
  expect(perIndex).toEqual([ROUNDS, ROUNDS, ROUNDS, ROUNDS]);
  expect([board.get(partners.COUNT), board.get(partners.LATE)]).toEqual([4 * ROUNDS, 0]);
  expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
});
