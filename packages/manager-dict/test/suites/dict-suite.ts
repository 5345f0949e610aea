import type { MemoryKind } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import { type DictKey, ManagerDict } from '@multiproc/manager-dict';
import { Process, type StartMethod } from '@multiproc/process';
import { Board } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { describe, expect, it } from 'vitest';
import * as partners from '../fixtures/partners.js';

const { GO, READY, WRONG } = partners;

type Dict = ManagerDict<DictKey, unknown>;

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

/** What a dictionary promises between agents, in one memory. */
export function dictSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const startMethod of startMethods) {
    describe(`ManagerDict, ${memory} memory, with partners by ${startMethod}`, () => {
      sharingSuite(startMethod);
      computingSuite(startMethod);
      concurrencySuite(startMethod, startMethods);
    });
  }
}

function sharingSuite(startMethod: StartMethod): void {
  it.each([
    ['set', ['k', { list: [1, '键', null] }], 'itself', { list: [1, '键', null] }],
    ['delete', ['k'], true, undefined],
    ['increment', ['n', 5], 6, undefined],
    ['pop', ['k'], 'old', undefined],
    ['setdefault', ['k', 'new'], 'old', 'old'],
    ['compareAndSet', ['k', 'old', 'new'], true, 'new'],
    ['get', ['k'], 'old', 'old'],
    ['getMany', [['k', 'n', 'x']], ['old', 1, undefined], 'old'],
    [
      'items',
      [],
      [
        ['k', 'old'],
        ['n', 1],
      ],
      'old',
    ],
  ])('a partner does the same: %s [143]', async (method, args, result, value) => {
    const dict: Dict = new ManagerDict<DictKey, unknown>([
      ['k', 'old'],
      ['n', 1],
    ]);
    const board = new Board();
    start(startMethod, partners.call, dict, board, method, ...args);
    expect(await joinAll()).toEqual([0]);
    expect(dict.get('result')).toEqual(result);
    if (method !== 'increment') expect(dict.get('k')).toEqual(value);
  });

  it('a value is there for the partner at once, and its answer for this agent', async () => {
    const [dict, board] = [new ManagerDict<string, number>(), new Board()];
    start(startMethod, partners.answer, dict, board, 'question', 'answer');
    await board.until(READY, 1);
    dict.set('other', 0).set('question', 41);
    expect(await dict.waitFor('answer')).toBe(42);
    expect(await joinAll()).toEqual([0]);
  });

  it('nested shared objects are live on both sides, and outlive the partner that made them [140, 141]', async () => {
    const [dict, board]: [Dict, Board] = [new ManagerDict<DictKey, unknown>(), new Board()];
    start(startMethod, partners.nest, dict, board);
    await board.until(READY, 1);
    const inner = dict.get('inner') as ManagerDict<string, number>;
    expect(inner.increment('n')).toBe(2);
    expect(await joinAll()).toEqual([0]);
    expect(inner.get('n')).toBe(2);
    const lock = dict.get('lock') as Lock;
    expect(lock).toBeInstanceOf(Lock);
    lock.acquireSync().release();
  });
}

function computingSuite(startMethod: StartMethod): void {
  const COMPUTERS = [partners.computeSlowly, partners.computeSlowlySync];

  it('while a partner computes a value, the key has its old one, and changes of it wait', async () => {
    for (const computer of COMPUTERS) {
      const [dict, board] = [new ManagerDict<string, number>([['a', 1]]), new Board()];
      start(startMethod, computer, dict, board, 'a', undefined);
      await board.until(READY, 1);
      expect(dict.get('a')).toBe(1);
      expect(dict.set('b', 7).get('b')).toBe(7);
      await expect(dict.compute('a', () => 9, { timeout: 20 })).rejects.toMatchObject({
        code: 'ERR_TIMEOUT',
      });
      expect(() => dict.computeSync('a', () => 9, { timeout: 20 })).toThrow(
        expect.objectContaining({ code: 'ERR_TIMEOUT' }),
      );
      const waiting = dict.compute('a', (value) => (value as number) * 10);
      board.set(GO, 1);
      expect(await waiting).toBe(20);
      expect(await joinAll()).toEqual([0]);
    }
  });

  it('set, delete and clear wait for a partner that computes, and come after it', async () => {
    const CHANGES: [(dict: ManagerDict<string, number>) => unknown, number | undefined][] = [
      [(dict) => dict.set('a', 5), 5],
      [(dict) => dict.delete('a'), undefined],
      [(dict) => dict.clear(), undefined],
      [(dict) => dict.increment('a', 10), 12],
      [(dict) => dict.compareAndSet('a', 2, 6), 6],
    ];
    for (const [change, value] of CHANGES) {
      const [dict, board] = [new ManagerDict<string, number>([['a', 1]]), new Board()];
      start(startMethod, partners.computeSlowly, dict, board, 'a', undefined);
      await board.until(READY, 1);
      board.set(GO, 1);
      change(dict);
      expect(dict.get('a')).toBe(value);
      expect(await joinAll()).toEqual([0]);
    }
  });

  it.each(['kill', 'terminate'] as const)(
    'a partner that ends by %s() while it computes leaves the old value, and the key free',
    async (how) => {
      for (const [key, old] of [
        ['a', 1],
        ['new', undefined],
      ] as const) {
        const [dict, board] = [new ManagerDict<string, number>([['a', 1]]), new Board()];
        const partner = start(startMethod, partners.computeForEver, dict, board, key);
        await board.until(READY, 1);
        partner[how]();
        const compute = (value: unknown) => [value] as never;
        expect(await dict.compute(key, compute, { timeout: 20_000 })).toEqual([old]);
        dict.set(key, 2);
        expect(dict.size).toBe(key === 'a' ? 1 : 2);
      }
    },
  );
}

function concurrencySuite(startMethod: StartMethod, startMethods: StartMethod[]): void {
  it('counts are exact, whoever counts in whichever form', async () => {
    const [dict, board] = [new ManagerDict<string, number>(), new Board()];
    for (const method of [startMethod, startMethods.at(-1) as StartMethod]) {
      start(method, partners.count, dict, board, 300);
    }
    await board.until(READY, 2);
    board.set(GO, 1);
    await partners.count(dict, board, 300);
    expect(await joinAll()).toEqual([0, 0]);
    expect([dict.get('sum'), dict.get('sync'), dict.get('async')]).toEqual([900, 900, 90]);
  });

  it('a reader never sees a torn or foreign value, while others set, delete, grow and shrink', async () => {
    const [dict, board] = [new ManagerDict<number, unknown>(), new Board()];
    const KEYS = 600;
    start(startMethod, partners.churn, dict, board, 1, KEYS, 20_000);
    start(startMethod, partners.readAll, dict, board, KEYS, 2);
    await board.until(READY, 2);
    board.set(GO, 1);
    partners.churn(dict, board, 2, KEYS, 20_000);
    expect(await joinAll()).toEqual([0, 0]);
    expect(board.get(WRONG)).toBe(0);
    expect(dict.size).toBe([...dict].length);
    for (let key = 0; key < KEYS; key++) {
      expect(dict.has(key)).toBe(dict.delete(key));
    }
    expect(dict.size).toBe(0);
  });
}
