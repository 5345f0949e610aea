import { Lock, RLock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const ROUNDS = 200_000;

it.each([
  ['Lock', Lock],
  ['RLock', RLock],
])(
  '%s: two processes and three threads, blocking and awaiting, count exactly one million',
  async (_, Type) => {
    const [lock, board] = [new Type(), new Board()];
    const team = [
      new Process({ target: partners.count, args: [lock, board, ROUNDS], startMethod: 'spawn' }),
      new Process({
        target: partners.countAsync,
        args: [lock, board, ROUNDS],
        startMethod: 'spawn',
      }),
      new Process({ target: partners.count, args: [lock, board, ROUNDS], startMethod: 'thread' }),
      new Process({
        target: partners.countAsync,
        args: [lock, board, ROUNDS],
        startMethod: 'thread',
      }),
      new Process({ target: partners.count, args: [lock, board, ROUNDS], startMethod: 'thread' }),
    ];
    for (const member of team) member.start();
    for (const member of team) await member.join();
    expect(team.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    expect(board.get(partners.COUNT)).toBe(5 * ROUNDS);
    expect(lock.locked()).toBe(false);
  },
);
