import { currentFamily } from '@multiproc/core';
import { ManagerDict } from '@multiproc/manager-dict';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import { type Call, isLinearizable } from './fixtures/linearizable.js';
import * as partners from './fixtures/partners.js';

const { GO, READY, WRONG } = partners;
const METHODS: StartMethod[] = ['spawn', 'thread', 'spawn'];

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

it('what agents see of a key can be put in one order that agrees with time', async () => {
  const [dict, board] = [new ManagerDict<number, unknown>(), new Board()];
  const log = new ManagerDict<number, (Call & { key: number })[]>({ freeze: false });
  for (const [index, method] of METHODS.entries()) {
    start(method, partners.record, dict, board, log, index + 1, 4_000);
  }
  await board.until(READY, METHODS.length);
  board.set(GO, 1);
  partners.record(dict, board, log, 9, 4_000);
  expect(await joinAll()).toEqual([0, 0, 0]);
  for (let key = 0; key < 4; key++) {
    const agents = Array.from(log.values(), (calls) => calls.filter((call) => call.key === key));
    expect(agents.reduce((sum, calls) => sum + calls.length, 0)).toBeGreaterThan(2_000);
    expect(isLinearizable(agents)).toBe(true);
    // The same with one result that nobody can have seen.
    const [first = []] = agents;
    const position = first.findIndex(({ name, result }) => name === 'get' && result !== undefined);
    const wrong = first.with(position, {
      ...(first[position] as Call & { key: number }),
      result: -5,
    });
    expect(isLinearizable([wrong, ...agents.slice(1)])).toBe(false);
  }
});

it('every count and every new key of four agents arrives, in the order of each agent', async () => {
  const [dict, board] = [new ManagerDict<string | number, number>(), new Board()];
  const ROUNDS = 20_000;
  for (const [index, method] of METHODS.entries()) {
    start(method, partners.addKeys, dict, board, index, ROUNDS);
  }
  await board.until(READY, METHODS.length);
  board.set(GO, 1);
  partners.addKeys(dict, board, 3, ROUNDS);
  expect(await joinAll()).toEqual([0, 0, 0]);
  expect(dict.get('sum')).toBe(4 * ROUNDS);
  let sum = 0;
  for (let key = 0; key < 100; key++) sum += dict.get(-1 - key) ?? 0;
  expect(sum).toBe(4 * ROUNDS);
  expect(dict.size).toBe(4 * ROUNDS + 101);
  const next = [0, 0, 0, 0];
  for (const key of dict.keys()) {
    if (typeof key !== 'number' || key < 0) continue;
    const agent = key % 4;
    expect(Math.floor(key / 4)).toBe(next[agent]);
    next[agent] = (next[agent] as number) + 1;
  }
  expect(next).toEqual([ROUNDS, ROUNDS, ROUNDS, ROUNDS]);
});

it('grows to a million keys and back while others read, and gives the memory back', async () => {
  const { arena } = currentFamily();
  const [dict, board] = [new ManagerDict<number, unknown>(), new Board()];
  const KEYS = 1_000_000;
  dict.set(-1, 0);
  const before = arena.used;
  start('spawn', partners.readMoving, dict, board, KEYS);
  start('thread', partners.readMoving, dict, board, KEYS);
  await board.until(READY, 2);
  const started = arena.used;
  for (let key = 0; key < KEYS; key++) dict.set(key, key);
  expect(dict.size).toBe(KEYS + 1);
  expect(arena.used - started).toBeGreaterThan(KEYS * 64);
  for (let key = 0; key < KEYS; key++) dict.delete(key);
  board.set(GO, 1);
  expect(await joinAll()).toEqual([0, 0]);
  expect(board.get(WRONG)).toBe(0);
  expect([...dict]).toEqual([[-1, 0]]);
  // What stays are a few rings of the limbo, each with its last entries.
  await eventually(() => arena.used - before < 200_000, 20_000, 'the memory is given back');
});

it('a full arena refuses a value, leaves the dictionary as it was, and goes on after a deletion', () => {
  const { arena } = currentFamily();
  const dict = new ManagerDict<string, Uint8Array | number>([['small', 1]]);
  const chunk = new Uint8Array(32 * 2 ** 20).fill(7);
  const keys: string[] = [];
  const full = expect.objectContaining({ code: 'ERR_ARENA_FULL' });
  expect(() => {
    for (let n = 0; ; n++) {
      dict.set(`chunk ${n}`, chunk);
      keys.push(`chunk ${n}`);
    }
  }).toThrow(full);
  expect([...dict.keys()]).toEqual(['small', ...keys]);
  expect(() => dict.set('small', chunk)).toThrow(full);
  expect(() => dict.setdefault('more', chunk)).toThrow(full);
  expect(() => dict.computeSync('small', () => chunk)).toThrow(full);
  expect(() =>
    dict.setMany([
      ['a', 1],
      ['b', chunk],
    ]),
  ).toThrow(full);
  expect(dict.get('small')).toBe(1);
  expect(dict.size).toBe(keys.length + 1);
  // What was deleted is free at once, though no further change comes to this stripe.
  const used = arena.used;
  expect(dict.delete(keys[0] as string)).toBe(true);
  dict.set('again', chunk);
  expect(arena.used).toBeLessThanOrEqual(used + 100_000);
  dict.clear();
  expect(arena.used).toBeLessThan(used - keys.length * 30 * 2 ** 20);
});
