import { describe, expect, it } from 'vitest';
import { cleanUp, linesOfExample } from './run-example.js';

cleanUp();

const example = (name: string) => linesOfExample(`exchanging-data/${name}`);

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const starting = (lines: string[], start: string) =>
  lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));

describe('examples of exchanging data', () => {
  it('32-queue.js: three items come out in order', async () => {
    expect(await example('32-queue.js')).toEqual([
      '3 items, full: true',
      'one',
      'two',
      'three',
      '0 items, empty: true',
    ]);
  });

  it('33-producer-consumer.js: in order, and the producer never gets more than the queue ahead', async () => {
    const lines = await example('33-producer-consumer.js');
    const expected = range(1, 12).map(String);
    expect(starting(lines, 'produced ')).toEqual(expected);
    expect(starting(lines, 'consumes ')).toEqual(expected);
    // Five in the queue, and one that was taken out but not printed yet.
    const lead = lines.map((_, i) => {
      const before = lines.slice(0, i + 1);
      return starting(before, 'produced ').length - starting(before, 'consumes ').length;
    });
    expect(Math.max(...lead)).toBeLessThanOrEqual(6);
  });

  it('34-sentinels.js: every item is eaten once, and every consumer ends', async () => {
    const lines = await example('34-sentinels.js');
    const eaten = lines.flatMap((line) => line.match(/(?<= eats ).*/) ?? []);
    expect(eaten.sort()).toEqual([
      ...range(1, 6).map((i) => `bun ${i}`),
      ...range(1, 6).map((i) => `dumpling ${i}`),
    ]);
    const ends = lines.filter((line) => line.endsWith('has finished'));
    expect(ends.sort()).toEqual(['Ada', 'Ben', 'Cleo'].map((name) => `${name} has finished`));
  });

  it('35-ten-greetings.js: ten greetings from ten processes', async () => {
    const lines = (await example('35-ten-greetings.js')).sort();
    expect(lines.map((line) => line.split(',')[0])).toEqual(
      range(0, 9).map((i) => `hello from child ${i}`),
    );
    expect(new Set(lines.map((line) => line.match(/\d+$/)?.[0])).size).toBe(10);
  });

  it('36-time-outs.js: each way to wait has its outcome', async () => {
    const lines = await example('36-time-outs.js');
    const times = lines.flatMap((line) => line.match(/\d+(?= ms$)/) ?? []).map(Number);
    expect(lines.map((line) => line.replace(/, \d+ ms$/, ''))).toEqual([
      'get now: ERR_QUEUE_EMPTY',
      'get within 50 ms: ERR_QUEUE_EMPTY',
      'get, waiting: first',
      'put now: ERR_QUEUE_FULL',
      'put within 50 ms: ERR_QUEUE_FULL',
      'put, waiting: done',
    ]);
    expect(times.length).toBe(4);
    expect(times[1]).toBeGreaterThanOrEqual(50);
    expect(times[3]).toBeGreaterThanOrEqual(50);
  });

  it('37-three-orders.js: first in first out, last in first out, lowest first', async () => {
    expect(await example('37-three-orders.js')).toEqual([
      'first in, first out: 1 2 3',
      'last in, first out: 3 2 1',
      'lowest first: -2 5 10',
    ]);
  });

  it('38-joinable-queue.js: the join comes after the last task', async () => {
    const lines = await example('38-joinable-queue.js');
    expect(lines.pop()).toBe('every task is done');
    const done = lines.flatMap((line) => line.match(/(?<=^(?:Ada|Ben) has done task )\d$/) ?? []);
    expect(done.sort()).toEqual(range(1, 8).map(String));
  });

  it('39-pipe-two-ways.js: five messages each way, in order', async () => {
    expect(await example('39-pipe-two-ways.js')).toEqual([
      ...range(1, 5).map((i) => `B receives ${i} from A`),
      ...range(1, 5).map((i) => `A receives ${i} from B`),
    ]);
  });

  it('40-pipe-one-way.js: the message arrives, and the wrong directions are refused', async () => {
    const lines = await example('40-pipe-one-way.js');
    expect(lines.sort()).toEqual([
      'hello',
      'the reader cannot send: ERR_CONNECTION_DIRECTION',
      'the writer cannot receive: ERR_CONNECTION_DIRECTION',
    ]);
  });

  it('41-pipe-many-writers.js: ten whole messages', async () => {
    const lines = await example('41-pipe-many-writers.js');
    expect(lines.sort()).toEqual(range(0, 9).map((i) => `child ${i}: hello, 5000 characters`));
  });

  it('42-pipe-end.js: three messages, then the end', async () => {
    expect(await example('42-pipe-end.js')).toEqual([
      'received 1',
      'received 2',
      'received 3',
      'the end',
    ]);
  });

  it('43-shared-numbers.js: no change is lost', async () => {
    expect(await example('43-shared-numbers.js')).toEqual([
      'the largest square: 81',
      'the numbers: 0 -1 -2 -3 -4 -5 -6 -7 -8 -9',
    ]);
  });

  it('44-manager-dict.js: ten entries', async () => {
    expect(await example('44-manager-dict.js')).toEqual([
      '10 entries',
      ...range(0, 9).map((i) => `${i} → ${i * i}`),
    ]);
  });

  it('45-dict-counter.js: 90 under a lock and with compute, more with neither', async () => {
    expect(await example('45-dict-counter.js')).toEqual([
      'under a lock: 90',
      'with compute: 90',
      'with neither: 99',
    ]);
  });
});
