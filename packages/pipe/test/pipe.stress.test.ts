import { currentFamily } from '@multiproc/core';
import { Pipe } from '@multiproc/pipe';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const { DONE, MEMBERS, SUM } = partners;
const EACH = 50_000;

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

const WRITERS: [string, StartMethod][] = [
  ['blocking', 'spawn'],
  ['awaiting', 'spawn'],
  ['blocking', 'thread'],
  ['awaiting', 'thread'],
];
const READERS: [string, StartMethod][] = [
  ['blocking', 'spawn'],
  ['awaiting', 'spawn'],
  ['blocking', 'thread'],
  ['awaiting', 'thread'],
];

it('four writers and four readers on one pipe: each message is received once, and all see the end', async () => {
  const { arena } = currentFamily();
  const board = new Board();
  const { used } = arena;
  const [reader, writer] = Pipe({ duplex: false });
  for (const [member, [form, startMethod]] of WRITERS.entries()) {
    start(startMethod, partners.sendNumbered, writer, form, member, EACH);
  }
  for (const [form, startMethod] of READERS) {
    start(startMethod, partners.checkNumbered, reader, form, board, WRITERS.length);
  }
  reader.close();
  writer.close();
  expect(await joinAll()).toEqual([...WRITERS, ...READERS].map(() => 0));
  expect(board.get(DONE)).toBe(READERS.length);
  expect(board.get(SUM)).toBe(WRITERS.length * EACH);
  for (const member of WRITERS.keys()) {
    // The sum of the numbers of one writer, as 32 bits.
    expect(board.get(MEMBERS + member)).toBe(((EACH * (EACH - 1)) / 2) | 0);
  }
  expect(arena.used).toBeLessThanOrEqual(used);
});

it('two processes send messages of 0 bytes to 1 MiB to and fro, none changed', async () => {
  const [mine, theirs] = Pipe();
  start('spawn', partners.echoBytes, theirs, 'awaiting');
  theirs.close();
  const sizes = [0, 1, 47, 48, 49, 55, 56, 57, 1000, 4096, 65_535, 65_536, 2 ** 20];
  for (let round = 0; round < 30; round++) {
    const messages = sizes.map((size) => Buffer.alloc(size, `${round} ${size}`));
    const sent = (async () => {
      for (const message of messages) await mine.sendBytes(message);
    })();
    for (const message of messages) {
      expect(Buffer.compare(await mine.recvBytes(), message)).toBe(0);
    }
    await sent;
  }
  mine.close();
  expect(await joinAll()).toEqual([0]);
});
