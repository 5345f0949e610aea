import { currentFamily } from '@multiproc/core';
import { Process, type StartMethod } from '@multiproc/process';
import { ShareableList, Value } from '@multiproc/shared';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it, vi } from 'vitest';
import * as partners from './fixtures/partners.js';

const METHODS: StartMethod[] = ['spawn', 'spawn', 'thread', 'thread'];
const KILLS = 100;
/** First of the words that tell that a member of the team has begun. */
const MEMBERS = 10;

const { start } = partnersOf<StartMethod, Process>(Process);

it('kills anywhere hang nobody, tear no text and no number, and leave nothing', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const random = new SeededRandom('shared kills');
  const board = new Board();
  const list = new ShareableList(Array.from({ length: 3 }, () => 'x'.repeat(partners.LONGEST)));
  const counter = new Value('q');
  const lock = counter.getLock();
  const { arena, table } = currentFamily();
  const agents = [...table.tenants()].length;
  const used = arena.used;

  const team: Process[] = [];
  const startAt = (position: number): void => {
    const word = MEMBERS + position;
    board.set(word, 0);
    const args = [list, counter, lock, board, word];
    const startMethod = METHODS[position] as StartMethod;
    team[position] = start(startMethod, partners.changeForEver, ...args);
  };
  for (const position of METHODS.keys()) startAt(position);

  for (let kill = 0; kill < KILLS; kill++) {
    const position = random.integer(0, METHODS.length - 1);
    const victim = team[position] as Process;
    if (random.chance(0.8)) await board.until(MEMBERS + position, 1);
    for (let spin = random.integer(0, 20_000); spin > 0; spin--) board.get(0);
    victim[random.chance(0.7) ? 'kill' : 'terminate']();
    for (const text of list) expect(text).toMatch(/^(.)\1*$/);
    const hold = await counter.acquire({ timeout: 20_000 });
    if (!hold) throw new Error('the lock of the value is lost');
    hold.release();
    await victim.join();
    startAt(position);
  }

  for (const member of team) member.kill();
  for (const member of team) await member.join();
  for (const text of list) expect(text).toMatch(/^(.)\1*$/);
  // Each victim may have died between its add and its sub, and no living one is there any more.
  expect(counter.value).toBeGreaterThanOrEqual(0n);
  expect(counter.value).toBeLessThanOrEqual(BigInt(KILLS + METHODS.length));
  await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
  // A victim may leak what it had just taken and not yet listed, or unlisted and not yet freed.
  expect(arena.used - used).toBeLessThanOrEqual(KILLS * 512);
  warn.mockRestore();
});
