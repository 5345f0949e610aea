import { Condition } from '@multiproc/condition';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ITEMS = 10_000;

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

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
  for (const [startMethod, target] of members) {
    start(startMethod, target, condition, board, target === partners.produce ? 2 * ITEMS : ITEMS);
  }
  expect(await joinAll()).toEqual([0, 0, 0, 0, 0, 0]);
  expect([board.get(partners.DONE), board.get(partners.COUNT)]).toEqual([4 * ITEMS, 0]);
  expect(condition.locked()).toBe(false);
});
