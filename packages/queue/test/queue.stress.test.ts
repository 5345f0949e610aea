import { currentFamily } from '@multiproc/core';
import { Process, type StartMethod } from '@multiproc/process';
import { LifoQueue, PriorityQueue, Queue } from '@multiproc/queue';
import { Board, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { describe, expect, it } from 'vitest';
import * as crowd from './fixtures/crowd.js';

const METHODS: StartMethod[] = ['spawn', 'thread'];
const SCALE = Number(process.env.STRESS ?? 1);

const { start, joinAll } = partnersOf<StartMethod, Process>(Process);

const QUEUES = {
  'Queue without a bound': () => new Queue(),
  'Queue with room for 10': () => new Queue({ maxsize: 10 }),
  LifoQueue: () => new LifoQueue({ maxsize: 100 }),
  PriorityQueue: () => new PriorityQueue({ maxsize: 100 }),
};

describe('four producers and four consumers move each item once', () => {
  it.each(Object.entries(QUEUES))('%s', async (_, make) => {
    const each = 5_000 * SCALE;
    const [queue, board] = [make(), new Board()];
    const methodAt = (place: number) => METHODS[place % 2] as StartMethod;
    const producers = [0, 1, 2, 3].map((place) =>
      start(methodAt(place), crowd.produce, queue, board, place, each),
    );
    for (let place = 0; place < 4; place++) {
      start(methodAt(place), place < 2 ? crowd.consume : crowd.consumeAsync, queue, board);
    }
    for (const producer of producers) await producer.join();
    queue.shutdown();
    expect(await joinAll()).toEqual(Array(8).fill(0));
    expect(board.get(crowd.COUNT)).toBe(4 * each);
    // Each number from 0 to each - 1 once from every producer; sums modulo 2^32.
    expect(board.get(crowd.SUM)).toBe(((4 * each * (each - 1)) / 2) | 0);
    expect(queue.qsize()).toBe(0);
  });
});

describe('items from 0 bytes to 64 MiB', () => {
  it('arrive whole, in their order, through a partner; the memory is free afterwards', async () => {
    const random = new SeededRandom('queue soak');
    const { arena } = currentFamily();
    new Queue()[Symbol.dispose]();
    const used = arena.used;
    const [there, back] = [new Queue<Uint8Array | null>(), new Queue<Uint8Array>()];
    const partner = start('spawn', crowd.echo, there, back);
    const sizes = [0, 2 ** 26, ...Array.from({ length: 60 }, () => 0)].map((size, position) =>
      position < 2 ? size : Math.floor(2 ** (random.next() * 23)),
    );
    for (const size of random.shuffle(sizes)) {
      const bytes = new Uint8Array(size).fill(size % 251);
      bytes.set([1, 2, 3].slice(0, size));
      await there.put(bytes);
      const got = await back.get();
      expect(Buffer.compare(got, bytes)).toBe(0);
    }
    await there.put(null);
    await partner.join();
    expect([there.qsize(), back.qsize()]).toEqual([0, 0]);
    there[Symbol.dispose]();
    back[Symbol.dispose]();
    expect(arena.used).toBeLessThanOrEqual(used);
  });
});
