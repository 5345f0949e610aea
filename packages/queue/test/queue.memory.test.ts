import { configure, currentFamily } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from '@multiproc/queue';
import { describe, expect, it } from 'vitest';

configure({ memory: 'process', arenaSize: 32 * 2 ** 20 });

type Slow = Queue | LifoQueue | PriorityQueue;

const LONG = new Uint8Array(100_000);

/** Puts items until there is no room for another one. */
function fill(queue: Slow, item: unknown): void {
  expect(() => {
    for (;;) queue.putNowait([1, item]);
  }).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_FULL' }));
}

/** Empties it, so that the next test finds the memory free. */
function dispose(queues: Slow[]): void {
  for (const queue of queues) queue[Symbol.dispose]();
}

describe('queues that nobody empties', () => {
  const kinds: Record<string, () => Slow> = {
    Queue: () => new Queue(),
    LifoQueue: () => new LifoQueue(),
    PriorityQueue: () => new PriorityQueue(),
  };
  const crowds: Slow[][] = [
    [new Queue()],
    [new Queue(), new Queue()],
    [new Queue(), new LifoQueue(), new PriorityQueue()],
    Array.from({ length: 9 }, () => new Queue()),
  ];

  it.each(crowds.map((queues) => [queues.length, queues] as const))(
    '%i of them leave room for locks, for new queues and for what others put',
    (_, queues) => {
      const { arena } = currentFamily();
      for (const queue of queues) fill(queue, LONG);
      // They go on trying; nobody else may find less room for that.
      for (const queue of queues) fill(queue, LONG);
      const free = arena.capacity - arena.used;
      expect(free).toBeGreaterThan(arena.capacity / 17);
      expect(new Lock().acquireSync()).not.toBeNull();
      const other = new Queue();
      for (let i = 0; i < 1000; i += 10) {
        for (let j = i; j < i + 10; j++) other.putNowait({ id: j, name: 'n'.repeat(j) });
        for (let j = i; j < i + 10; j++) expect(other.getNowait()).toMatchObject({ id: j });
      }
      dispose([...queues, other]);
    },
  );

  it('a queue of short items leaves as much as one of long ones', () => {
    const { arena } = currentFamily();
    const queue = new Queue();
    fill(queue, 7);
    expect(arena.used).toBeLessThan(arena.capacity * 0.78);
    expect(arena.used).toBeGreaterThan(arena.capacity * 0.6);
    dispose([queue]);
  });

  it.each(Object.entries(kinds))(
    '%s: a call that waits for the memory of another queue goes on when that is emptied',
    async (_, make) => {
      const [slow, other] = [new Queue(), make()];
      fill(slow, LONG);
      fill(other, LONG);
      const waiting = other.put([1, LONG], { timeout: 20_000 });
      slow.shutdown({ immediate: true });
      await waiting;
      dispose([slow, other]);
    },
  );
});

describe('a view that outlives its queue', () => {
  type Item = [number, Uint8Array];
  const kinds: Record<string, () => Queue<Item> | SimpleQueue<Item>> = {
    Queue: () => new Queue(),
    LifoQueue: () => new LifoQueue<Item>() as unknown as Queue<Item>,
    PriorityQueue: () => new PriorityQueue<Item>() as unknown as Queue<Item>,
    SimpleQueue: () => new SimpleQueue(),
  };

  it.each(Object.entries(kinds))(
    '%s: gives the memory of both back, and touches nothing that came after them',
    async (_, make) => {
      const { arena } = currentFamily();
      const first = make();
      first.putSync([1, LONG]);
      first.getSync();
      first[Symbol.dispose]();
      const used = arena.used;
      const queue = make();
      queue.putSync([1, LONG]);
      const view = await queue.get({ view: true });
      expect(view.isShared).toBe(true);
      queue[Symbol.dispose]();
      const { words } = arena.memory;
      const blocks = Array.from({ length: 40 }, (_, i) => arena.allocate(64 * (i % 10) + 64, true));
      const sizes = blocks.map((_, i) => 16 * (i % 10) + 16);
      for (const [i, block] of blocks.entries()) {
        words.fill(7, block / 4, block / 4 + (sizes[i] as number));
      }
      view.release();
      for (const [i, block] of blocks.entries()) {
        const content = words.subarray(block / 4, block / 4 + (sizes[i] as number));
        expect(content.every((word) => word === 7)).toBe(true);
        arena.free(block);
      }
      expect(arena.used).toBeLessThanOrEqual(used + 1024);
    },
  );

  it('a queue cannot be disposed of between the taking of an item and its decoding', async () => {
    const queue = new Queue<number>();
    const got = queue.get();
    queue.putSync(1);
    const settled = Promise.resolve().then(() => queue[Symbol.dispose]());
    await expect(Promise.allSettled([settled, got])).resolves.toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'ERR_DISPOSED' }) },
      { status: 'fulfilled', value: 1 },
    ]);
    queue[Symbol.dispose]();
  });
});
