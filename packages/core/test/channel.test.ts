import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { currentFamily, encode, keepEncoded } from '@multiproc/core';
import { describe, expect, it } from 'vitest';
import { Box } from './fixtures/channel-box.js';

const ALL = Number.POSITIVE_INFINITY;

const { glibcVersionRuntime } = (process.report.getReport() as { header: Record<string, unknown> })
  .header;
const hasGlibc = glibcVersionRuntime !== undefined;

/** The next value, which must be there. */
function next({ channel }: Box): unknown {
  const taken = channel.take();
  if (!taken) throw new Error('the channel is empty');
  return taken.receive();
}

describe('a channel', () => {
  it('gives back what was put, in that order, across segments of every size', () => {
    const { channel } = new Box();
    for (let round = 0; round < 3; round++) {
      const count = 1000 + round;
      for (let i = 0; i < count; i++) channel.put(encode(i * 7), ALL);
      expect(channel.size).toBe(count);
      for (let i = 0; i < count; i++) expect(channel.take()?.receive()).toBe(i * 7);
      expect(channel.take()).toBeUndefined();
      expect(channel.size).toBe(0);
    }
  });

  it('carries values of every length around the size of a slot', () => {
    const { channel } = new Box();
    for (let length = 0; length < 300; length++) {
      const text = 'x'.repeat(length);
      channel.put(encode(text), ALL);
      channel.put(encode({ text, length }), ALL);
      expect(channel.take()?.receive()).toBe(text);
      expect(channel.take()?.receive()).toEqual({ text, length });
    }
  });

  it.skipIf(!hasGlibc)('who receives long values keeps the memory that it frees', () => {
    const program = fileURLToPath(new URL('fixtures/kept-memory.js', import.meta.url));
    const faultsAfter = (length: number) =>
      Number(execFileSync(process.execPath, ['--expose-gc', program, `${length}`]));
    expect(faultsAfter(100)).toBeGreaterThan(10_000);
    expect(faultsAfter(100_000)).toBeLessThan(1000);
  });

  it('refuses what exceeds the limit, and has room again after each take', () => {
    const { channel } = new Box();
    for (let i = 0; i < 5; i++) expect(channel.put(encode(i), 5)).toBe(true);
    expect(channel.put(encode('late'), 5)).toBe(false);
    expect(channel.take()?.receive()).toBe(0);
    expect(channel.put(encode('now'), 5)).toBe(true);
    expect(channel.put(encode('late'), 5)).toBe(false);
    expect(channel.size).toBe(5);
  });

  it('puts as many of a list as there is room for, and takes as many as are there', () => {
    const { channel } = new Box();
    const list = Array.from({ length: 40 }, (_, i) =>
      keepEncoded(encode(i % 3 === 0 ? 'long '.repeat(i * 80) : i)),
    );
    expect(channel.putMany(list, 30)).toBe(30);
    expect(channel.putMany(list.slice(30), 30)).toBe(0);
    const taken = channel.takeMany(100).map((one) => one.receive());
    expect(taken).toEqual(
      Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 'long '.repeat(i * 80) : i)),
    );
  });

  it('counts the bytes of long values, and gives all memory back with the object', () => {
    new Box()[Symbol.dispose]();
    const { arena } = currentFamily();
    const used = arena.used;
    const box = new Box();
    const { channel } = box;
    for (let i = 0; i < 2000; i++) channel.put(encode(i % 2 === 0 ? i : new Uint8Array(i)), ALL);
    channel.put(encode(new Uint8Array(100_000)), ALL);
    expect(channel.bytes).toBeGreaterThanOrEqual(1_000_000);
    for (let i = 0; i < 1000; i++) channel.take()?.receive();
    box[Symbol.dispose]();
    expect(arena.used).toBe(used);
  });

  it('keeps one used-up segment at the most: what it grew to is given back', () => {
    const { arena } = currentFamily();
    const box = new Box();
    const { channel } = box;
    const used = arena.used;
    for (let i = 0; i < 50_000; i++) channel.put(encode(i), ALL);
    expect(arena.used - used).toBeGreaterThan(50_000 * 64);
    for (let i = 0; i < 50_000; i++) channel.take()?.free();
    expect(arena.used - used).toBeLessThan(40_000);
    expect(channel.bytes).toBe(0);
    box[Symbol.dispose]();
  });

  it('keeps the shared objects in a value alive while it is on its way', () => {
    const box = new Box();
    const { channel } = box;
    const inner = new Box();
    inner.channel.put(encode('still here'), ALL);
    const { handle } = inner;
    channel.put(encode([inner]), ALL);
    inner[Symbol.dispose]();
    const [again] = next(box) as [Box];
    expect(again.handle).toEqual(handle);
    expect(next(again)).toBe('still here');
    again[Symbol.dispose]();
    expect(() => Box.from(handle)).toThrow(expect.objectContaining({ code: 'ERR_HANDLE' }));
  });

  it('accepts nothing after its end, and still gives what is in it', () => {
    const { channel } = new Box();
    channel.put(encode('last'), ALL);
    expect(channel.end()).toBe(true);
    expect(channel.end()).toBe(false);
    expect(channel.put(encode('late'), ALL)).toBe(false);
    expect(channel.isFinished).toBe(false);
    expect(channel.take()?.receive()).toBe('last');
    expect(channel.isFinished).toBe(true);
  });

  it('fills its share of the arena and no more, and refuses at once what can never fit', () => {
    const { arena } = currentFamily();
    const box = new Box();
    const { channel } = box;
    const long = new Uint8Array(2 ** 24);
    let count = 0;
    while (channel.put(encode(long), ALL)) count++;
    expect(channel.bytes).toBeGreaterThan(arena.capacity * 0.7);
    expect(channel.bytes).toBeLessThanOrEqual(arena.capacity * 0.75);
    new Box()[Symbol.dispose]();
    expect((next(box) as Uint8Array).length).toBe(long.length);
    expect(channel.put(encode(long), ALL)).toBe(true);
    expect(channel.size).toBe(count);
    expect(() => channel.put(encode(new Uint8Array(arena.capacity)), ALL)).toThrow(
      expect.objectContaining({ code: 'ERR_ARENA_FULL' }),
    );
    box[Symbol.dispose]();
  });

  it('lets a decode hook take the next value while it decodes one', () => {
    const { channel } = new Box();
    for (let i = 0; i < 3; i++) channel.put(encode(`value ${i}`), ALL);
    const taken = [channel.take(), channel.take(), channel.take()];
    expect(taken.map((one) => one?.receive())).toEqual(['value 0', 'value 1', 'value 2']);
  });
});
