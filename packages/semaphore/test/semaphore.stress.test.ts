import { Process, type StartMethod } from '@multiproc/process';
import { BoundedSemaphore, Semaphore } from '@multiproc/semaphore';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const { DONE, MOST } = partners;
const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

type Part = [(...args: never[]) => unknown, StartMethod, permits: number, rounds: number];

async function run(semaphore: Semaphore | BoundedSemaphore, board: Board, parts: Part[]) {
  for (const [target, startMethod, ...rest] of parts) {
    start(startMethod, target, semaphore, board, ...rest);
  }
  expect(await joinAll()).toEqual(parts.map(() => 0));
}

it.each([
  ['Semaphore', new Semaphore(3), 20_000],
  ['BoundedSemaphore', new BoundedSemaphore(3), 20_000],
  ['BoundedSemaphore with recovery', new BoundedSemaphore({ value: 3, recover: true }), 5_000],
])(
  '%s: processes and threads that want one, two or three permits are all served, and no permit is used twice',
  async (_, semaphore, rounds) => {
    const board = new Board();
    board.set(MOST, 3);
    await run(semaphore, board, [
      [partners.useOften, 'spawn', 1, rounds],
      [partners.useOftenAsync, 'spawn', 2, rounds],
      [partners.useOften, 'thread', 2, rounds],
      [partners.useOftenAsync, 'thread', 1, rounds],
      [partners.useOften, 'thread', 3, rounds],
    ]);
    expect(board.get(DONE)).toBe(5 * rounds);
    expect(board.get(partners.INSIDE)).toBe(0);
    expect(semaphore.getValue()).toBe(3);
  },
);

it('a million permits, given one by one, are all taken, each once', async () => {
  const [semaphore, board] = [new Semaphore(0), new Board()];
  await run(semaphore, board, [
    [partners.give, 'spawn', 1, 500_000],
    [partners.give, 'thread', 1, 500_000],
    [partners.take, 'spawn', 1, 250_000],
    [partners.takeAsync, 'thread', 1, 250_000],
    [partners.take, 'thread', 10, 25_000],
    [partners.takeAsync, 'spawn', 5, 50_000],
  ]);
  expect(board.get(DONE)).toBe(1_000_000);
  expect(semaphore.getValue()).toBe(0);
});
