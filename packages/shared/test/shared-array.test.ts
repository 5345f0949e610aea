import { Lock, RLock } from '@multiproc/lock';
import { RawArray, SharedArray } from '@multiproc/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const OUT_OF_RANGE = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
const WRONG_TYPE = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });

describe('SharedArray', () => {
  it('is made from a length, a list, an iterable or a typed array', () => {
    expect([...new SharedArray('i', 3)]).toEqual([0, 0, 0]);
    expect([...new SharedArray('i', [1, 2])]).toEqual([1, 2]);
    expect([...new SharedArray('d', new Set([1, 0.5]))]).toEqual([1, 0.5]);
    expect([...new SharedArray('q', [1n, 2])]).toEqual([1n, 2n]);
    expect([...new SharedArray('f', Float32Array.of(0.1))]).toEqual([Math.fround(0.1)]);
    expect([...new SharedArray('B', new Int32Array([255]))]).toEqual([255]);
    expect([...new SharedArray('i', new SharedArray('i', [4, 5]))]).toEqual([4, 5]);
    expect(new SharedArray('i', 0).length).toBe(0);
    expect([...new SharedArray('i', [])]).toEqual([]);
    expect(new SharedArray('i', 0).data.length).toBe(0);
  });

  it.each([
    ['a negative length', () => new SharedArray('i', -1), OUT_OF_RANGE],
    ['a length that is NaN', () => new SharedArray('i', Number.NaN), OUT_OF_RANGE],
    ['a broken length', () => new SharedArray('i', 1.5), OUT_OF_RANGE],
    ['no length', () => new SharedArray('i', undefined as never), WRONG_TYPE],
    ['a string for numbers', () => new SharedArray('i', '12' as never), WRONG_TYPE],
    [
      'a DataView',
      () => new SharedArray('B', new DataView(new ArrayBuffer(8)) as never),
      WRONG_TYPE,
    ],
    ['an element that does not fit', () => new SharedArray('b', [1, 128]), OUT_OF_RANGE],
    ['an element of another type', () => new SharedArray('b', [1, '2' as never]), WRONG_TYPE],
    ['a typed array with what does not fit', () => new SharedArray('b', [200]), OUT_OF_RANGE],
    [
      'a code point that is none',
      () => new SharedArray('u', Uint32Array.of(0x110000)),
      OUT_OF_RANGE,
    ],
    ['a typecode that does not exist', () => new SharedArray('w' as never, 1), OUT_OF_RANGE],
    ['options that are null', () => new SharedArray('i', 1, null as never), WRONG_TYPE],
    ['a lock that is none', () => new SharedArray('i', 1, { lock: 5 as never }), WRONG_TYPE],
  ])('%s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });

  it('one that is larger than the arena is refused, and says how to enlarge that', () => {
    expect(() => new SharedArray('d', 2 ** 40)).toThrow(/configure\(\{ arenaSize/);
  });

  it('names the element that does not fit', () => {
    expect(() => new SharedArray('B', [0, 1, 256])).toThrow(/sizeOrValues\[2\] .*256/);
  });

  it('slices and single elements are those of a list, negative indices too [88]', () => {
    const list = [10, 11, 12, 13, 14];
    const array = new SharedArray('i', list);
    fc.assert(
      fc.property(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 }), (a, b) => {
        expect([...array.slice(a, b)]).toEqual(list.slice(a, b));
        expect(array.at(a)).toBe(list.at(a));
      }),
    );
    expect([...array.slice()]).toEqual(list);
    const copy = array.slice(0, 2);
    copy[0] = 99;
    expect(array.at(0)).toBe(10);
    expect(copy.buffer.byteLength).toBe(8);
  });

  it('set writes a part, and must match the room exactly where an end is given [88, 267]', () => {
    const array = new SharedArray('i', [1, 2, 3, 4, 5]);
    array.set([20, 30], 1);
    array.set([50], -1);
    array.set([], 5);
    array.set(new Set([40]), 3, 4);
    array.set([10], 0, -4);
    expect([...array]).toEqual([10, 20, 30, 40, 50]);
    for (const [values, start, end] of [
      [[1, 2], 4, undefined],
      [[1], 5, undefined],
      [[1, 2], 0, 1],
      [[1], 0, 2],
      [[1], 3, 2],
      [[1], 6, undefined],
      [[1], -6, undefined],
      [[1], 0.5, undefined],
      [[1], 0, 9],
      [[1, 2 ** 31], 0, 2],
    ] as [number[], number, number | undefined][]) {
      expect(() => array.set(values, start, end)).toThrow(OUT_OF_RANGE);
    }
    expect(() => array.set([1], '0' as never)).toThrow(WRONG_TYPE);
    expect(() => array.set(5 as never)).toThrow(WRONG_TYPE);
    expect(() => array.set([1, '2' as never])).toThrow(WRONG_TYPE);
    expect([...array]).toEqual([10, 20, 30, 40, 50]);
  });

  it('set takes a part of itself, overlapping', () => {
    const array = new SharedArray('i', [1, 2, 3, 4]);
    array.set(array.data.subarray(0, 3), 1);
    expect([...array]).toEqual([1, 1, 2, 3]);
  });

  it('its lock is its own, the given one, or none [90]', () => {
    const lock = new Lock();
    expect(new SharedArray('i', 1).getLock()).toBeInstanceOf(RLock);
    expect(new SharedArray('i', 1, { lock }).getLock()).toBe(lock);
    const noLock = expect.objectContaining({ code: 'ERR_NO_LOCK' });
    expect(() => new SharedArray('i', 1, { lock: false }).getLock()).toThrow(noLock);
    expect(() => new RawArray('i', 1).getLock()).toThrow(noLock);
  });

  it('runExclusive holds the lock', async () => {
    const array = new SharedArray('i', 1);
    await array.runExclusive(() => expect(array.getLock().locked()).toBe(true));
    expect(array.getLock().locked()).toBe(false);
  });

  it('a named one is the same object, and refused to who wants another length or type', () => {
    const array = new SharedArray('i', [1, 2], { name: 'pair' });
    expect(new SharedArray('i', 2, { name: 'pair' })).toBe(array);
    expect(() => new SharedArray('i', 3, { name: 'pair' })).toThrow(/2 elements of 'i32'/);
    expect(() => new SharedArray('I', 2, { name: 'pair' })).toThrow(OUT_OF_RANGE);
    expect([...array]).toEqual([1, 2]);
  });

  it('copies are independent [92]', () => {
    const array = new SharedArray('d', [1, 2]);
    const copy = array.copy({ lock: false });
    copy.data[0] = 9;
    expect([...array]).toEqual([1, 2]);
    expect([...copy]).toEqual([9, 2]);
    expect(new RawArray('c', 'text').copy()).toBeInstanceOf(RawArray);
    expect(new RawArray('u', 'tëxt').copy().value).toBe('tëxt');
  });

  it('is found again by its handle, under its own type only', () => {
    const array = new SharedArray('i', 1);
    const raw = new RawArray('i', 1);
    expect(SharedArray.from(array.handle)).toBe(array);
    expect(RawArray.from(raw.handle)).toBe(raw);
    expect(() => SharedArray.from(raw.handle)).toThrow(
      expect.objectContaining({ code: 'ERR_HANDLE' }),
    );
  });

  it('an iteration ends with an error when the array is disposed meanwhile', () => {
    const array = new SharedArray('i', [1, 2]);
    const iterator = array[Symbol.iterator]();
    expect(iterator.next().value).toBe(1);
    array[Symbol.dispose]();
    expect(() => iterator.next()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
  });
});

describe('a text', () => {
  it("of 'c' is bytes: value ends at the first NUL, raw is all of it [91]", () => {
    const text = new SharedArray('c', 'hello');
    expect(text.value).toEqual(Buffer.from('hello'));
    text.value = 'hi';
    expect(text.value.toString()).toBe('hi');
    expect(text.raw).toEqual(Buffer.from('hi\0lo'));
    text.raw = Buffer.from('HE');
    expect(text.raw).toEqual(Buffer.from('HE\0lo'));
    text.value = Buffer.from('12345');
    expect(text.value.toString()).toBe('12345');
    expect([...text]).toEqual([49, 50, 51, 52, 53]);
    expect(text.at(0)).toBe(49);
    text.set('xy', 3);
    expect(text.value.toString()).toBe('123xy');
    const empty = new SharedArray('c', 20);
    expect(empty.value.length).toBe(0);
    expect(empty.raw.length).toBe(20);
  });

  it("of 'u' is characters of any plane", () => {
    const text = new SharedArray('u', 'a😀é');
    expect(text.length).toBe(3);
    expect(text.value).toBe('a😀é');
    text.value = '😀';
    expect(text.value).toBe('😀');
    expect(text.raw).toBe('😀\0é');
    expect(() => (text.value = Buffer.from('x') as never)).toThrow(WRONG_TYPE);
  });

  it('that is too long, or no text, is refused', () => {
    const text = new SharedArray('c', 3);
    expect(() => (text.value = 'four')).toThrow(OUT_OF_RANGE);
    expect(() => (text.raw = 'four')).toThrow(OUT_OF_RANGE);
    expect(() => (text.value = 'éé')).toThrow(OUT_OF_RANGE);
    expect(() => (text.value = 5 as never)).toThrow(WRONG_TYPE);
    expect(() => (text.value = '\ud800')).toThrow(/lone surrogates/);
    expect(text.raw).toEqual(Buffer.from('\0\0\0'));
    const numbers = new SharedArray('i', 3);
    expect(() => numbers.value).toThrow(WRONG_TYPE);
    expect(() => numbers.raw).toThrow(WRONG_TYPE);
    expect(() => (numbers.value = 'x' as never)).toThrow(WRONG_TYPE);
  });
});
