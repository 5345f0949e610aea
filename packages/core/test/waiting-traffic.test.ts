import { reapAll, spawnThread, within } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ANNOUNCED, ITEMS, ROOM, TAKEN, WAKES } from './fixtures/waiting-traffic.js';

afterEach(reapAll);

const ROUNDS = 10_000;
const CROWD = 8;
const PLACES = 16;

describe('four producers and four consumers of permits', () => {
  it.each([0, 150])('make no more wake-ups than waits, with %i spins', async (spins) => {
    const buffer = new SharedArrayBuffer(256);
    const words = new Int32Array(buffer);
    words[ROOM] = PLACES;
    const threads = Array.from({ length: CROWD }, (_, at) => {
      const role = at % 2 === 0 ? 'producer' : 'consumer';
      const data = { buffer, role, rounds: ROUNDS, crowd: CROWD, spins };
      return spawnThread(new URL('./fixtures/waiting-traffic.js', import.meta.url), data);
    });
    const exits = await within(25_000, Promise.all(threads.map(({ exited }) => exited)), 'the end');
    for (const exit of exits) expect(exit).toMatchObject({ code: 0, error: undefined });
    expect([words[TAKEN], words[ITEMS], words[ROOM]]).toEqual([CROWD * ROUNDS, 0, PLACES]);
    // Each wake-up uses up what one waiter at least has announced.
    expect(words[WAKES]).toBeLessThanOrEqual(words[ANNOUNCED] as number);
  });
});
