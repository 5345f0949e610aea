import { Barrier } from '@multiproc/condition';
import { currentFamily } from '@multiproc/core';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const KILLS = 200;
const METHODS: StartMethod[] = ['spawn', 'thread', 'thread', 'spawn'];

const { start } = partnersOf<StartMethod, Process>(Process);

it('kills of parties break the barrier and never hang it: after a reset the living meet again', async () => {
  const random = new SeededRandom('barrier kills');
  const [barrier, board] = [new Barrier(3), new Board()];
  const { arena, table } = currentFamily();
  const agents = [...table.tenants()].length;
  const used = arena.used;

  const team: Process[] = [];
  const startAt = (position: number): void => {
    const word = partners.MEMBERS + position;
    board.set(word, 0);
    const target = position % 2 === 0 ? partners.meetForEver : partners.meetForEverAsync;
    team[position] = start(METHODS[position] as StartMethod, target, barrier, board, word);
  };
  for (const position of METHODS.keys()) startAt(position);

  for (let kill = 0; kill < KILLS; kill++) {
    const position = random.integer(0, METHODS.length - 1);
    const victim = team[position] as Process;
    // Some victims die while they start, most while they wait or pass.
    if (random.chance(0.8)) await board.until(partners.MEMBERS + position, 1);
    for (let spin = random.integer(0, 20_000); spin > 0; spin--) board.get(partners.COUNT);
    const how = random.chance(0.7) ? 'kill' : 'terminate';
    victim[how]();
    for (const other of METHODS.keys()) {
      if (other !== position) await board.until(partners.MEMBERS + other, 1);
    }
    // Three others are alive: they pass again, long before any time-out of theirs.
    const passed = board.get(partners.DONE);
    await board.until(partners.DONE, passed + 3);
    await victim.join();
    expect(victim.exitCode).toBe(how === 'kill' ? -9 : -15);
    startAt(position);
  }

  for (const member of team) member.kill();
  for (const member of team) await member.join();
  barrier.reset();
  const indices = await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()]);
  expect(indices).toEqual([0, 1, 2]);
  await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
  expect(arena.used - used).toBeLessThanOrEqual(KILLS * 512);
});
