import { currentFamily, isMultiprocError, type MemoryKind } from '@multiproc/core';
import { Lock, RLock } from '@multiproc/lock';
import type { StartMethod } from '@multiproc/process';
import {
  RawArray,
  RawValue,
  ShareableList,
  SharedArray,
  SharedMemory,
  Value,
} from '@multiproc/shared';
import { Board, eventually, untilCollected } from '@multiproc/testing';
import { describe, expect, it, vi } from 'vitest';
import * as partners from '../fixtures/partners.js';
import { run, start } from './kit.js';

const { GO, READY } = partners;

/** What values, arrays and blocks promise, in one memory. */
export function sharedSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  describe(`alone, ${memory} memory`, () => aloneSuite(memory));
  for (const startMethod of startMethods) {
    describe(`with a partner by ${startMethod}, ${memory} memory`, () => {
      valueSuite(startMethod);
      blockSuite(startMethod, memory);
    });
  }
}

function aloneSuite(memory: MemoryKind): void {
  it('a view is over the shared memory itself: both sides see each write', () => {
    const array = new SharedArray('i32', 1000);
    array.data[500] = 5;
    expect(array.at(500)).toBe(5);
    array.set([6], 500);
    expect(array.data[500]).toBe(6);
    expect(array.data).toBe(array.data);
    expect(array.data).toBeInstanceOf(Int32Array);
    expect(Atomics.add(array.data, 500, 1)).toBe(6);
    expect(array.at(500)).toBe(7);
    const shared = array.data.buffer instanceof SharedArrayBuffer;
    expect(shared).toBe(memory === 'thread');
  });

  it('every kind of element is aligned in its memory and has a view of its own', () => {
    for (const code of ['u8', 'i16', 'f32', 'i64', 'f64', 'c', 'u'] as const) {
      const array = new SharedArray(code, 5);
      array.data.fill((code === 'i64' ? 3n : 3) as never);
      expect(new Set(array)).toEqual(new Set([code === 'i64' ? 3n : 3]));
      array[Symbol.dispose]();
    }
  });

  it('a view cannot reach the memory of another object once its own is closed [269]', () => {
    const block = new SharedMemory({ create: true, size: 4096 });
    const view = block.buf;
    const later = view.subarray(10, 20);
    view.fill(1);
    block.close();
    expect(() => block.buf).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    const others = Array.from({ length: 8 }, () => new SharedMemory({ create: true, size: 4096 }));
    if (memory === 'process') {
      expect(view.length).toBe(0);
      expect(() => view.fill(2)).toThrow(/detached/);
      expect(() => later.set([2])).toThrow(/detached/);
      expect(() => Atomics.add(view, 0, 2)).toThrow(/detached/);
    } else {
      view.fill(2);
      later.fill(3);
    }
    view[0] = 4;
    for (const other of others) {
      expect(other.buf.every((byte) => byte === 0)).toBe(true);
      other.close();
    }
  });

  it('what is disposed is refused by every method', () => {
    const value = new Value('i', 1);
    const array = new SharedArray('i', 1);
    value[Symbol.dispose]();
    array[Symbol.dispose]();
    const refused = expect.objectContaining({ code: 'ERR_DISPOSED' });
    const calls = [
      () => value.value,
      () => (value.value = 1),
      () => value.add(1),
      () => value.exchange(1),
      () => value.getLock(),
      () => array.data,
      () => array.at(0),
      () => array.slice(),
      () => array.set([1]),
      () => [...array],
    ];
    for (const call of calls) expect(call).toThrow(refused);
  });

  it('everything that was taken from the arena is given back', () => {
    const { arena } = currentFamily();
    const lock = new Lock();
    const make = () => {
      const objects = [
        new Value('i', 1),
        new Value('i', 1, { lock }),
        new RawValue('d', 1),
        new SharedArray('i', 100_000),
        new SharedArray('i', 100, { lock }),
        new SharedArray('i', 0),
        new RawArray('u', 'text'),
        new SharedMemory({ create: true, size: 100_000 }),
        new SharedMemory({ name: 'given back', create: true, size: 1 }),
        new ShareableList(['text', 1, null]),
      ];
      for (const object of objects) object[Symbol.dispose]();
      // Looking for a name frees the entries of blocks that are gone.
      expect(() => new SharedMemory({ name: 'nobody' })).toThrow();
      expect(() => new ShareableList(null, { name: 'nobody' })).toThrow();
    };
    make();
    const { used } = arena;
    for (let round = 0; round < 20; round++) make();
    expect(arena.used).toBe(used);
    expect(lock.locked()).toBe(false);
  });

  it('size counts as zero-filled, in recycled memory too [89]', () => {
    for (let round = 0; round < 5; round++) {
      const array = new SharedArray('B', 5000);
      expect(array.data.every((byte) => byte === 0)).toBe(true);
      array.data.fill(255);
      array[Symbol.dispose]();
      const block = new SharedMemory({ create: true, size: 5000 });
      expect(block.buf.every((byte) => byte === 0)).toBe(true);
      block.buf.fill(255);
      block.close();
    }
  });
}

function valueSuite(startMethod: StartMethod): void {
  it.each<[string, typeof Value]>([
    ['Value', Value],
    ['RawValue', RawValue],
  ])(
    '%s: codes i d h q c u round-trip and the writes of a partner are seen [86]',
    async (_, Type) => {
      const codes = ['i', 'd', 'h', 'q', 'c', 'u', 'B', 'f', 'Q'] as const;
      const first = [-7, 2.5, -300, -(2n ** 62n), Buffer.from('x'), 'é', 255, 0.25, 2n ** 64n - 1n];
      const second = [
        2 ** 31 - 1,
        -1e300,
        32_767,
        2n ** 63n - 1n,
        Buffer.from('y'),
        '😀',
        0,
        -0.5,
        0n,
      ];
      const values = codes.map((code, i) => new Type(code, first[i] as never));
      expect(values.map(({ value }) => value)).toEqual(first);
      await run(startMethod, partners.replaceValues, values, second);
      expect(values.map(({ value }) => value)).toEqual(second);
    },
  );

  it.each<[string, typeof SharedArray]>([
    ['SharedArray', SharedArray],
    ['RawArray', RawArray],
  ])(
    '%s: the writes of a partner are seen, through the view and the methods [88]',
    async (_, Type) => {
      const array = new Type('i', [1, 2, 3, 4, 5]);
      const { data } = array;
      await run(startMethod, partners.doubleElements, array);
      expect([...array]).toEqual([2, 4, 6, 8, 10]);
      expect([...data]).toEqual([2, 4, 6, 8, 10]);
    },
  );

  it('the lock is the same in every agent, its own or a given one [87, 90]', async () => {
    for (const lock of [undefined, new Lock(), new RLock()]) {
      const [value, board] = [new Value('i', 5, { lock }), new Board()];
      const partner = start(startMethod, partners.holdLock, value, board);
      await board.until(READY, 1);
      expect(value.getLock().locked()).toBe(true);
      if (lock) expect(value.getLock()).toBe(lock);
      expect(await value.acquire({ timeout: 0 })).toBeNull();
      expect(value.acquireSync({ timeout: 0 })).toBeNull();
      await expect(value.runExclusive(() => {}, { timeout: 0 })).rejects.toMatchObject({
        code: 'ERR_TIMEOUT',
      });
      board.set(GO, 1);
      expect(await value.update((number) => number * 2)).toBe(12);
      await partner.join();
      expect(partner.exitCode).toBe(0);
    }
  });

  it('the lock of a value lives as long as the value, though its maker has given both up', async () => {
    const { arena } = currentFamily();
    const board = new Board();
    const { used } = arena;
    const value = new Value('i', 41);
    const partner = start(startMethod, partners.useAlone, value, board);
    await board.until(READY, 1);
    value[Symbol.dispose]();
    // What a freed lock would be overwritten by.
    const others = Array.from({ length: 200 }, () => new RLock());
    const holds = others.map((other) => other.acquireSync());
    board.set(GO, 1);
    await board.until(READY, 42);
    await partner.join();
    expect(partner.exitCode).toBe(0);
    for (const hold of holds) hold.release();
    for (const other of others) other[Symbol.dispose]();
    // The 200 references need two more pages of the list of references, and those are kept.
    await eventually(() => arena.used <= used + 2 * 512, 20_000, 'value and lock are freed');
  });

  it('the lock of a killed holder goes to the next one, who is told', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [array, board] = [new SharedArray('d', 3), new Board()];
    const partner = start(startMethod, partners.holdForEver, array, board);
    await board.until(READY, 1);
    partner.kill();
    const hold = await array.acquire({ timeout: 20_000 });
    expect(hold?.abandoned).toBe(true);
    array.release();
    expect(array.getLock().locked()).toBe(false);
    warn.mockRestore();
  });
}

function blockSuite(startMethod: StartMethod, memory: MemoryKind): void {
  it('a partner finds everything by its name [95, 101]', async () => {
    const value = new Value('i', 1, { name: 'suite value' });
    const array = new SharedArray('d', [1, 2, 3], { name: 'suite array' });
    const raw = new RawArray('u8', 2, { name: 'suite raw' });
    const block = new SharedMemory({ name: 'suite block', create: true, size: 10 });
    const list = new ShareableList(['first'], { name: 'suite list' });
    await run(startMethod, partners.useNames, {
      value: 'suite value',
      array: 'suite array',
      raw: 'suite raw',
      block: block.name,
      list: list.name,
    });
    expect(value.value).toBe(2);
    expect([...array]).toEqual([1, 2, 0.5]);
    expect([...raw]).toEqual([0, 7]);
    expect([...block.buf]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    expect([...list]).toEqual(['child']);
    for (const object of [value, array, raw, block, list]) object[Symbol.dispose]();
  });

  it('a block and a list may be arguments, also when they have been unlinked [100, 101, 106]', async () => {
    const block = new SharedMemory({ create: true, size: 100 });
    const list = new ShareableList(['x', 41]);
    block.unlink();
    await run(startMethod, partners.useBlocks, block, list);
    expect(block.buf.every((byte) => byte === 100)).toBe(true);
    expect(list.get(1)).toBe(42);
    block.close();
    list.close();
  });

  it('of three agents that create the same name at once, one does [97]', async () => {
    for (let round = 0; round < 3; round++) {
      const board = new Board();
      const team = [1, 2, 3].map(() =>
        start(startMethod, partners.createAtOnce, `race ${round}`, board),
      );
      await board.until(READY, 3);
      board.set(GO, 1);
      for (const member of team) await member.join();
      expect(team.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      expect([board.get(partners.CREATED), board.get(partners.FOUND)]).toEqual([1, 2]);
    }
  });

  it('a block outlives its killed creator while somebody uses it, and no longer [107]', async () => {
    const { arena } = currentFamily();
    const board = new Board();
    const { used } = arena;
    const partner = start(startMethod, partners.keepBlock, 'orphan', board);
    await board.until(READY, 1);
    const block = new SharedMemory({ name: 'orphan' });
    expect(block.size).toBe(200_000);
    partner.kill();
    await partner.join();
    await eventually(() => arena.used <= used + 300_000, 20_000, 'the partner is reaped');
    expect(block.buf[100_000]).toBe(77);
    block.close();
    // In thread memory `buf` cannot be detached: the block goes when that has been collected.
    if (memory === 'thread') await untilCollected(isFreed, 'buf is collected');
    expect(isFreed()).toBe(true);
    // A killed process may leak one small block that it had just taken.
    expect(arena.used).toBeLessThanOrEqual(used + 1024);

    function isFreed(): boolean {
      try {
        new SharedMemory({ name: 'orphan' }).close();
        return false;
      } catch (error) {
        return isMultiprocError(error, 'ERR_NAME_NOT_FOUND');
      }
    }
  });
}
