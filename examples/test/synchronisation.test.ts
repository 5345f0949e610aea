import { describe, expect, it } from 'vitest';
import { cleanUp, linesOfExample, runExample } from './run-example.js';

cleanUp();

const example = (name: string) => linesOfExample(`synchronisation/${name}`);

const range = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Names in the order of their lines, the lines of one after the other as one. */
function turns(lines: string[]): string[] {
  const names = lines.map((line) => line.split(' ')[0] as string);
  return names.filter((name, i) => name !== names[i - 1]);
}

/** The largest number of those that have entered and not left. */
function mostInside(lines: string[]): number {
  const inside = new Set<string>();
  const counts = lines.map((line) => {
    const [name, does] = line.split(' ') as [string, string];
    if (does === 'enters') inside.add(name);
    else inside.delete(name);
    return inside.size;
  });
  expect(inside.size).toBe(0);
  return Math.max(...counts);
}

describe('examples of synchronisation', () => {
  it.each([
    ['18-semaphore.js', 6, 2],
    ['28-semaphore-in-threads.js', 10, 5],
  ])('%s: %i workers, never more than %i inside', async (name, workers, permits) => {
    const lines = await example(name);
    const expected = range(workers).flatMap((i) => [`Process-${i} enters`, `Process-${i} leaves`]);
    expect([...lines].sort()).toEqual(expected.sort());
    expect(mostInside(lines)).toBeLessThanOrEqual(permits);
  });

  it('19-printers-without-lock.js: the pages are mixed', async () => {
    const lines = await example('19-printers-without-lock.js');
    expect(lines.length).toBe(12);
    expect(turns(lines).length).toBeGreaterThan(3);
  });

  it('20-printers-with-lock.js: the pages of each printer stay together', async () => {
    const lines = await example('20-printers-with-lock.js');
    expect(turns(lines).sort()).toEqual(['Ada', 'Ben', 'Cleo']);
    const pages = [1, 2, 3, 4].map((page) => `page ${page}`);
    expect(lines.map((line) => line.replace(/^\w+ /, ''))).toEqual([...pages, ...pages, ...pages]);
  });

  it('21-pairs-of-lines.js: pairs are mixed without the lock, adjacent with it', async () => {
    const lines = await example('21-pairs-of-lines.js');
    expect(lines[0]).toBe('without a lock:');
    expect(lines[7]).toBe('with a lock:');
    expect(turns(lines.slice(1, 7)).length).toBeGreaterThan(3);
    expect(turns(lines.slice(8)).length).toBe(3);
    expect(lines.slice(8).map((line) => line.split(' ')[1])).toEqual(
      range(3).flatMap(() => ['begins', 'ends']),
    );
  });

  it('22-ten-greetings.js: ten whole lines', async () => {
    const lines = await example('22-ten-greetings.js');
    expect(lines.sort()).toEqual(range(10).map((i) => `hello from child ${i - 1}`));
  });

  it('23-event.js: one goes on at its time-out, the other when the event is set', async () => {
    const lines = await example('23-event.js');
    expect(lines.slice(0, 2)).toEqual(['set: true', 'cleared: true']);
    const order = lines.filter((line) => !line.endsWith(' waits')).slice(2);
    expect(order).toEqual([
      'the hasty one goes on, set: false',
      'the event is set again',
      'the patient one goes on, set: true',
    ]);
    expect(lines.length).toBe(7);
  });

  it('24-event-in-threads.js: one client connects, the other gives up after three attempts', async () => {
    const { code, lines, stderr } = await runExample('synchronisation/24-event-in-threads.js');
    expect(code).toBe(0);
    expect(lines).toContain('good server: connected');
    expect(lines.filter((line) => line.startsWith('bad server'))).toEqual(
      range(3).map((i) => `bad server: attempt ${i}`),
    );
    expect(lines.filter((line) => line.startsWith('exit code'))).toEqual([
      'exit code 0',
      'exit code 1',
    ]);
    expect(stderr).toContain('Error: bad server: connection timed out');
  });

  it('25-deadlock.js: the deadlock is reported, and the program ends', async () => {
    const lines = await example('25-deadlock.js');
    const outcome = /^Process-\d+ (is in a deadlock and gives up|has both locks)$/;
    expect(lines.filter((line) => outcome.test(line)).length).toBe(10);
    expect(lines.length).toBe(10);
    expect(lines.some((line) => line.includes('deadlock'))).toBe(true);
  });

  it('26-rlock.js: all ten threads get through', async () => {
    expect((await example('26-rlock.js')).sort()).toEqual(
      range(10)
        .map((i) => `Process-${i} has both locks`)
        .sort(),
    );
  });

  it('27-counting.js: no change is lost', async () => {
    expect(await example('27-counting.js')).toEqual([
      'two threads, from 100: 98',
      'ten threads, from 0: 10',
    ]);
  });

  it('29-timer.js: one timer fires, the other is cancelled', async () => {
    const [cancelled, fires, after] = await example('29-timer.js');
    expect([cancelled, fires]).toEqual(['the first timer is cancelled', 'the second timer fires']);
    expect(Number(after?.match(/\d+/)?.[0])).toBeGreaterThanOrEqual(200);
  });

  it('30-daemonic-thread.js: the program waits for the thread, not for the daemon', async () => {
    // Nothing orders the two: on a busy machine the thread may be first.
    expect((await example('30-daemonic-thread.js')).sort()).toEqual([
      "the main thread's last line",
      'the thread has finished',
    ]);
  });

  it('31-threads.js: all of them are in the same process', async () => {
    const [program, ...lines] = await example('31-threads.js');
    const pid = program?.match(/\d+$/)?.[0];
    expect(lines.sort()).toEqual([
      ...[1, 2, 3].map((i) => `function ${i} in Process-${i * 2 - 1}, process ${pid}`),
      ...[1, 2, 3].map((i) => `subclass ${i} in Worker-${i * 2}, process ${pid}`),
    ]);
  });
});
