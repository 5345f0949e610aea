import { configure, currentFamily } from '@multiproc/core';
import { ManagerDict } from '@multiproc/manager-dict';
import { afterEach, expect, it } from 'vitest';

configure({ arenaSize: 8 * 2 ** 20 });

const full = expect.objectContaining({ code: 'ERR_ARENA_FULL' });

const taken: number[] = [];

/** Takes all memory in blocks of the smallest size, but for so many of them. */
function fillArena(left: number): void {
  const { arena } = currentFamily();
  expect(() => {
    for (;;) taken.push(arena.allocate(64));
  }).toThrow(full);
  for (const offset of taken.splice(taken.length - left)) arena.free(offset);
}

afterEach(() => {
  for (const offset of taken.splice(0)) currentFamily().arena.free(offset);
});

/** A dictionary whose stripes have everything that a change needs, and small tables. */
function makeDict(): ManagerDict<number, number> {
  const dict = new ManagerDict<number, number>();
  for (let key = -1; key > -200; key--) dict.set(key, key);
  for (let key = -1; key > -200; key--) dict.delete(key);
  return dict;
}

it('setMany says how many keys are set when the table cannot grow: those in front, and no others', () => {
  const dict = makeDict();
  const COUNT = 2_000;
  const entries = Array.from({ length: COUNT }, (_, key): [number, number] => [key, 2 * key]);
  fillArena(COUNT + 100);
  let message = '';
  try {
    dict.setMany(entries);
  } catch (error) {
    expect(error).toEqual(full);
    ({ message } = error as Error);
  }
  const set = Number(message.match(/the first (\d+) of 2000 keys are set/)?.[1]);
  expect(set).toBeGreaterThan(0);
  expect(set).toBeLessThan(COUNT);
  expect([...dict]).toEqual(entries.slice(0, set));
  expect(dict.size).toBe(set);
  // What was not stored has been given back: there is room for as many small blocks as before.
  const { arena } = currentFamily();
  for (let block = 0; block < COUNT - set; block++) taken.push(arena.allocate(64));
  for (const offset of taken.splice(0)) arena.free(offset);
  dict.setMany(entries);
  expect([...dict]).toEqual(entries);
  // Else its memory might come free at any point of the next test.
  dict[Symbol.dispose]();
});

it('in a full arena every change that needs memory is refused, and changes nothing', async () => {
  const dict = makeDict();
  for (let key = 0; key < 20; key++) dict.set(key, key);
  const before = [...dict];
  fillArena(0);
  const big = 'x'.repeat(100_000) as never;
  expect(() => dict.set(0, big)).toThrow(full);
  expect(() => dict.set(1_000, big)).toThrow(full);
  expect(() => dict.setdefault(1_000, big)).toThrow(full);
  expect(() => dict.compareAndSet(0, 0, big)).toThrow(full);
  expect(() => dict.computeSync(0, () => big)).toThrow(full);
  expect(() => dict.getOrSetSync(1_000, () => big)).toThrow(full);
  await expect(dict.compute(0, () => big)).rejects.toEqual(full);
  await expect(dict.getOrSet(1_000, () => big)).rejects.toEqual(full);
  expect(() => dict.update([[0, big]])).toThrow(/MULTIPROC_ARENA_SIZE/);
  expect(() => new ManagerDict([[0, big]])).toThrow(full);
  expect([...dict]).toEqual(before);
  expect(dict.size).toBe(20);
  // Reading and taking out need no memory, and what was taken out can be used again.
  for (let key = 0; key < 19; key++) expect(dict.pop(key)).toBe(key);
  expect(dict.set(1_000, 1).get(1_000)).toBe(1);
  expect([...dict]).toEqual([
    [19, 19],
    [1_000, 1],
  ]);
  dict.clear();
  expect([...dict]).toEqual([]);
});
