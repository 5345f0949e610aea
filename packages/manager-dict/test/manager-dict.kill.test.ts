import { currentFamily } from '@multiproc/core';
import { ManagerDict } from '@multiproc/manager-dict';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const METHODS: StartMethod[] = ['spawn', 'spawn', 'thread', 'thread'];
const KILLS = 300;
const KEYS = 200;

const { start } = partnersOf<StartMethod, Process>(Process);

/** This agent's own turn: every key can be read and changed, whoever was killed. */
function takeTurn(dict: ManagerDict<number | string, unknown>, board: Board, turn: number): void {
  for (const [key, value] of dict) {
    if (typeof key === 'number') partners.check(board, key, value);
  }
  for (let key = turn % 7; key < KEYS; key += 7) {
    dict.set(key, partners.valueFor(key, turn));
    partners.check(board, key, dict.get(key));
  }
}

/** Starting 300 processes and threads takes its time on a machine that does other things too. */
const PATIENCE = { timeout: 600_000 };

it(
  '300 killed writers hang nobody, tear nothing, and leak one block each at the most',
  PATIENCE,
  async () => {
    const random = new SeededRandom('dict kills');
    const board = new Board();
    const { arena, table } = currentFamily();
    const agents = [...table.tenants()].length;
    const used = arena.used;
    const dict = new ManagerDict<number | string, unknown>();

    const team: Process[] = [];
    const startAt = (position: number): void => {
      const word = partners.MEMBERS + position;
      board.set(word, 0);
      const args = [dict, board, word, random.integer(1, 1_000_000)];
      const startMethod = METHODS[position] as StartMethod;
      team[position] = start(startMethod, partners.writeForEver, ...args);
    };
    for (const position of METHODS.keys()) startAt(position);

    for (let kill = 0; kill < KILLS; kill++) {
      const position = random.integer(0, METHODS.length - 1);
      const victim = team[position] as Process;
      if (random.chance(0.9)) await board.until(partners.MEMBERS + position, 1);
      for (let spin = random.integer(0, 20_000); spin > 0; spin--) board.get(0);
      const how = random.chance(0.7) ? 'kill' : 'terminate';
      victim[how]();
      takeTurn(dict, board, kill);
      await victim.join();
      expect(victim.exitCode).toBe(how === 'kill' ? -9 : -15);
      startAt(position);
    }

    for (const member of team) member.kill();
    for (const member of team) await member.join();
    takeTurn(dict, board, KILLS);
    expect(board.get(partners.WRONG)).toBe(0);
    expect(dict.size).toBe([...dict].length);
    // Nobody holds a lock or a key any more, and counts were set right.
    for (const key of [...dict.keys()]) expect(dict.delete(key)).toBe(true);
    expect([dict.size, [...dict]]).toEqual([0, []]);
    dict[Symbol.dispose]();
    await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
    expect(arena.used - used).toBeLessThanOrEqual(KILLS * 1024);
  },
);
