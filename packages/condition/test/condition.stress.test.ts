import { Condition } from '@multiproc/condition';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ITEMS = 10_000;

it('each of 40,000 notifications serves one consumer, in processes and threads', async () => {
  const [condition, board] = [new Condition(), new Board()];
  const members: [StartMethod, (...args: never[]) => unknown][] = [
    ['spawn', partners.consume],
    ['spawn', partners.consumeAsync],
    ['thread', partners.consume],
    ['thread', partners.consumeAsync],
    ['spawn', partners.produce],
    ['thread', partners.produce],
  ];
  const team = members.map(([startMethod, target]) => {
    const rounds = target === partners.produce ? 2 * ITEMS : ITEMS;
    return new Process({ target, args: [condition, board, rounds], startMethod });
  });
  for (const member of team) member.start();
  for (const member of team) await member.join();
  expect(team.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0]);
  expect([board.get(partners.DONE), board.get(partners.COUNT)]).toEqual([4 * ITEMS, 0]);
  expect(condition.locked()).toBe(false);
});
