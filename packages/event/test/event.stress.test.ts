import { currentFamily, SLOT } from '@multiproc/core';
import { Event } from '@multiproc/event';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const { MEMBERS, ROUND, SERVED, WAITING } = partners;
const ROUNDS = 1_000;

const TEAM: [typeof partners.rounds, StartMethod][] = [
  [partners.rounds, 'spawn'],
  [partners.roundsAsync, 'spawn'],
  [partners.rounds, 'thread'],
  [partners.roundsAsync, 'thread'],
  [partners.rounds, 'thread'],
];
const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

const BLOCKING = 3;
const AWAITING = 2;

/** How many agents sleep on the event: it stands in their places of the agent table. */
function sleepers(event: Event): number {
  const { table } = currentFamily();
  // After 16 bytes of header and the epoch.
  const events = (event.handle.offset + 16) / 4 + 1;
  return [...table.tenants()].filter((id) => table.get(id, SLOT.WAITING_ON) === events).length;
}

it('a thousand set-clear pairs serve each of five waiters exactly once', async () => {
  const [event, board] = [new Event(), new Board()];
  for (const [position, [target, startMethod]] of TEAM.entries()) {
    start(startMethod, target, event, board, ROUNDS, MEMBERS + position);
  }
  for (let round = 1; round <= ROUNDS; round++) {
    board.set(ROUND, round);
    await board.until(WAITING, AWAITING * round);
    while (sleepers(event) < BLOCKING) await new Promise((resolve) => setImmediate(resolve));
    event.set();
    event.clear();
    await board.until(SERVED, TEAM.length * round);
  }
  expect(await joinAll()).toEqual(TEAM.map(() => 0));
  expect(TEAM.map((_, position) => board.get(MEMBERS + position))).toEqual(TEAM.map(() => ROUNDS));
  expect(event.isSet()).toBe(false);
});
