import { currentFamily } from '@multiproc/core';
import { Event } from '@multiproc/event';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const { MEMBERS, ROUND } = partners;
const KILLS = 200;

/** Waiters, and two that set and clear all the time. */
const TEAM: [(...args: never[]) => unknown, StartMethod][] = [
  [partners.waitForEver, 'spawn'],
  [partners.waitForEverAsync, 'spawn'],
  [partners.waitForEver, 'thread'],
  [partners.waitForEverAsync, 'thread'],
  [partners.toggleForEver, 'spawn'],
  [partners.toggleForEver, 'thread'],
];

const { start } = partnersOf<StartMethod, Process>(Process);

it('kills of waiters and setters hang nobody, and leave nothing', async () => {
  const random = new SeededRandom('event kills');
  const [event, board] = [new Event(), new Board()];
  const { arena, table } = currentFamily();
  const agents = [...table.tenants()].length;
  const used = arena.used;

  const team: Process[] = [];
  const startAt = (position: number): void => {
    const [target, startMethod] = TEAM[position] as (typeof TEAM)[number];
    board.set(MEMBERS + position, -1);
    team[position] = start(startMethod, target, event, board, MEMBERS + position);
  };
  for (const position of TEAM.keys()) startAt(position);

  for (let kill = 0; kill < KILLS; kill++) {
    const position = random.integer(0, TEAM.length - 1);
    const victim = team[position] as Process;
    // Some victims die while they start, most while they wait or set.
    if (random.chance(0.8)) await board.until(MEMBERS + position, 0);
    board.set(ROUND, kill + 1);
    for (let spin = random.integer(0, 20_000); spin > 0; spin--) board.get(ROUND);
    const how = random.chance(0.7) ? 'kill' : 'terminate';
    victim[how]();
    event.set();
    const mine = random.chance(0.5)
      ? event.waitSync({ timeout: 20_000 })
      : await event.wait({ timeout: 20_000 });
    expect(mine).toBe(true);
    await victim.join();
    expect(victim.exitCode).toBe(how === 'kill' ? -9 : -15);
    startAt(position);
    event.set();
    // Whoever lives comes through this round; a new one begins with it.
    for (const [other] of TEAM.entries()) {
      if (other !== position && board.get(MEMBERS + other) >= 0) {
        await board.until(MEMBERS + other, kill + 1);
      }
    }
  }

  for (const member of team) member.kill();
  for (const member of team) await member.join();
  event.set();
  expect(event.isSet()).toBe(true);
  await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
  // A victim may leak the one block that it had just taken and not yet listed.
  expect(arena.used - used).toBeLessThanOrEqual(KILLS * 512);
});
