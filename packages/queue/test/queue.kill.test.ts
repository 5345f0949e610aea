import { currentFamily } from '@multiproc/core';
import { Process, type StartMethod } from '@multiproc/process';
import { JoinableQueue, LifoQueue, PriorityQueue, Queue } from '@multiproc/queue';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it, vi } from 'vitest';
import * as numbered from './fixtures/numbered.js';
import * as partners from './fixtures/partners.js';

const METHODS: StartMethod[] = ['spawn', 'thread'];

const { start } = partnersOf<StartMethod, Process>(Process);

interface Kind {
  readonly make: () => Queue | LifoQueue | PriorityQueue;
  readonly isOrdered: boolean;
  readonly kills: number;
}

const KINDS: Record<string, Kind> = {
  Queue: { make: () => new Queue({ maxsize: 100 }), isOrdered: true, kills: 300 },
  LifoQueue: { make: () => new LifoQueue({ maxsize: 100 }), isOrdered: false, kills: 40 },
  PriorityQueue: { make: () => new PriorityQueue({ maxsize: 100 }), isOrdered: false, kills: 40 },
};

it.each(Object.entries(KINDS))(
  '%s: kills of producers and consumers double, tear and reorder nothing, lose what the dead had taken, and hang nobody [242, 243]',
  async (_, { make, isOrdered, kills }) => {
    const random = new SeededRandom('queue kills');
    const { arena, table } = currentFamily();
    const agents = [...table.tenants()].length;
    make()[Symbol.dispose]();
    const used = arena.used;
    const ledger = new numbered.Ledger();
    const queue = make();
    const isReady = (place: number) => ledger.isReady(place);
    const hasPriority = queue instanceof PriorityQueue;
    let producers = 0;
    const killed = { producers: 0, consumers: 0 };

    const team: Process[] = [];
    const startAt = (place: number): void => {
      ledger.setReady(place, false);
      const isBlocking = random.chance(0.5);
      const produce = isBlocking ? numbered.produce : numbered.produceAsync;
      const consume = isBlocking ? numbered.consume : numbered.consumeAsync;
      const target = place < 4 ? produce : consume;
      const rest = place < 4 ? [producers++, hasPriority] : [isOrdered];
      const startMethod = METHODS[place % 2] as StartMethod;
      team[place] = start(startMethod, target, queue, ledger.offset, place, ...rest);
    };
    for (let place = 0; place < 8; place++) startAt(place);

    for (let kill = 0; kill < kills; kill++) {
      const place = random.integer(0, 7);
      // Some die while they start, most while they put, get or wait.
      if (random.chance(0.9)) await eventually(() => isReady(place), 30_000, 'it has started');
      for (let spin = random.integer(0, 20_000); spin > 0; spin--) queue.qsize();
      const how = random.chance(0.7) ? 'kill' : 'terminate';
      const victim = team[place] as Process;
      victim[how]();
      await victim.join();
      if (place < 4) killed.producers++;
      else killed.consumers++;
      startAt(place);
    }

    await eventually(() => [4, 5, 6, 7].every(isReady), 30_000, 'the last consumers have started');
    for (const member of team.slice(0, 4)) member.kill();
    for (const member of team.slice(0, 4)) await member.join();
    await eventually(() => queue.empty(), 30_000, 'the consumers that are left empty the queue');
    for (const member of team.slice(4)) member.kill();
    for (const member of team.slice(4)) await member.join();
    killed.producers += 4;
    killed.consumers += 4;
    queue.putSync([1, 'still works']);
    expect(queue.getSync({ timeout: 20_000 })).toEqual([1, 'still works']);

    expect(ledger.faults).toEqual({ doubled: 0, torn: 0, reordered: 0 });
    const { lost, unannounced } = ledger.settle();
    expect(lost).toBeLessThanOrEqual(killed.consumers);
    expect(unannounced).toBeLessThanOrEqual(killed.producers);
    queue[Symbol.dispose]();
    ledger.free();
    await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
    expect(arena.used - used).toBeLessThanOrEqual((kills + 8) * 16_384);
  },
);

it('JoinableQueue: join counts what killed workers had taken as done, and waits for everything else', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const random = new SeededRandom('joinable kills');
  const [queue, board] = [new JoinableQueue<number>(), new Board()];
  const startAt = (place: number): Process =>
    start(METHODS[place % 2] as StartMethod, partners.work, queue, board);
  const team = [0, 1, 2, 3].map(startAt);
  let put = 0;
  let started = 4;
  for (let kill = 0; kill < 40; kill++) {
    await board.until(partners.READY, started);
    for (let item = random.integer(0, 300); item > 0; item--) queue.putNowait(put++);
    for (let spin = random.integer(0, 20_000); spin > 0; spin--) queue.qsize();
    const place = random.integer(0, 3);
    team[place]?.kill();
    await team[place]?.join();
    team[place] = startAt(place);
    started++;
    // Joined by those that are left, now and then with somebody killed while others join.
    if (kill % 4 === 0) expect(queue.joinSync({ timeout: 30_000 })).toBe(true);
  }
  expect(await queue.join({ timeout: 30_000 })).toBe(true);
  expect(queue.qsize()).toBe(0);
  const done = board.get(partners.COUNT);
  expect(done).toBeLessThanOrEqual(put);
  expect(done).toBeGreaterThanOrEqual(put - 40);
  expect(() => queue.taskDone()).toThrow(
    expect.objectContaining({ code: 'ERR_TASK_DONE_TOO_OFTEN' }),
  );
  warn.mockRestore();
});
