import { encode } from '@multiproc/core';
import { type Shareable, ShareableList } from '@multiproc/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const OUT_OF_RANGE = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
const WRONG_TYPE = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });

const scalars = fc.oneof(
  fc.double(),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.boolean(),
  fc.constant(null),
);
const shareables = fc.oneof(
  scalars,
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

function room(value: Shareable): number {
  const isText = typeof value === 'string' || value instanceof Uint8Array;
  return Math.max(Math.ceil((isText ? Buffer.byteLength(value as string) : 0) / 8) * 8, 8);
}

describe('ShareableList', () => {
  it('holds what it was made of, of every type', () => {
    const values = [
      'text',
      '',
      1.5,
      -0,
      7n,
      -(2n ** 63n),
      true,
      false,
      null,
      Buffer.from([1, 0, 0]),
    ];
    const list = new ShareableList(values);
    expect([...list]).toEqual(values);
    expect(list.length).toBe(values.length);
    list.close();
  });

  it('behaves as an array of slots, for all values and all replacements', () => {
    fc.assert(
      fc.property(
        fc.array(shareables, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(), shareables), { maxLength: 20 }),
        (values, replacements) => {
          const list = new ShareableList(values);
          const model = [...values];
          for (const [nat, value] of replacements) {
            const index = nat % values.length;
            const fits = room(value) <= room(values[index] as Shareable);
            if (fits) {
              list.set(index, value);
              model[index] = value;
            } else {
              const bytes = Buffer.byteLength(value as string);
              if (bytes > room(values[index] as Shareable)) {
                expect(() => list.set(index, value)).toThrow(OUT_OF_RANGE);
              }
            }
            expect([...list]).toEqual(model);
          }
          list.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a text that is too long is refused, and its neighbours are untouched [105]', () => {
    const list = new ShareableList(['left', 'middle', 'right']);
    list.set(1, '12345678');
    expect(() => list.set(1, '123456789')).toThrow(/at most 8 bytes, which slot 1 has room for/);
    expect(() => list.set(1, 'ééééé')).toThrow(OUT_OF_RANGE);
    list.set(1, 'éééé');
    expect([...list]).toEqual(['left', 'éééé', 'right']);
    list.close();
  });

  it('the type of a slot may change, and a number has room for 8 bytes of text [105, 268]', () => {
    const list = new ShareableList([1, 'a long text that is here']);
    list.set(0, '8 bytes!');
    list.set(1, null);
    list.set(1, 2n ** 62n);
    list.set(1, 'A LONG TEXT THAT IS HERE');
    expect([...list]).toEqual(['8 bytes!', 'A LONG TEXT THAT IS HERE']);
    list.close();
  });

  it('keeps trailing NULs, which Python drops [268]', () => {
    const list = new ShareableList(['a\0\0', Buffer.from('b\0\0')]);
    expect([...list]).toEqual(['a\0\0', Buffer.from('b\0\0')]);
    list.close();
  });

  it('indices count from the end when they are negative, and others are refused [105]', () => {
    const list = new ShareableList(['a', 'b', 'c']);
    expect([list.get(-1), list.get(-3), list.get(2)]).toEqual(['c', 'a', 'c']);
    list.set(-2, 'B');
    expect(list.get(1)).toBe('B');
    for (const wrong of [3, -4, 0.5, Number.NaN]) {
      expect(() => list.get(wrong)).toThrow(OUT_OF_RANGE);
      expect(() => list.set(wrong, 'x')).toThrow(OUT_OF_RANGE);
    }
    expect(() => list.get('0' as never)).toThrow(WRONG_TYPE);
    list.close();
  });

  it('index and count compare values and bytes; a missing one is refused [105]', () => {
    const list = new ShareableList([1, '1', 1n, true, Buffer.from('1'), 1]);
    expect([list.index(1), list.index('1'), list.index(1n), list.index(true)]).toEqual([
      0, 1, 2, 3,
    ]);
    expect(list.index(Buffer.from('1'))).toBe(4);
    expect([list.count(1), list.count(Buffer.from('1')), list.count('2')]).toEqual([2, 1, 0]);
    expect(() => list.index(2)).toThrow(OUT_OF_RANGE);
    list.close();
  });

  it("format is Python's, and follows the types", () => {
    const list = new ShareableList([1n, 1.5, true, 'nine char', Buffer.from('b'), null]);
    expect(list.format).toBe('qdxxxxxxx?16s8sxxxxxx?x');
    list.set(0, 'text');
    list.set(3, null);
    expect(list.format).toBe('8sdxxxxxxx?xxxxxx?x8sxxxxxx?x');
    list.close();
  });

  it('may be empty [105]', () => {
    const list = new ShareableList([]);
    expect([list.length, [...list], list.format]).toEqual([0, [], '']);
    expect(() => list.get(0)).toThrow(OUT_OF_RANGE);
    list.close();
  });

  it('copies are independent, and a second handle shares [105]', () => {
    const list = new ShareableList(['a', 1], { name: 'original' });
    const copy = new ShareableList(list, { name: 'copy' });
    copy.set(0, 'b');
    expect(new ShareableList(null, { name: 'original' })).toBe(list);
    expect(list.get(0)).toBe('a');
    expect(ShareableList.from(copy.handle).get(0)).toBe('b');
    list.close();
    copy.close();
  });

  it('travels in as many bytes, however long it is [106]', () => {
    const short = new ShareableList([1]);
    const long = new ShareableList(Array.from({ length: 1000 }, () => 'x'.repeat(100)));
    // Offsets and serials are numbers of 1 to 5 bytes.
    const size = (value: unknown) => encode(value).byteLength;
    expect(Math.abs(size(long) - size(short))).toBeLessThan(16);
    short.close();
    long.close();
  });

  it('names are as those of blocks, and of their own [97]', () => {
    const list = new ShareableList([1], { name: 'list' });
    expect(() => new ShareableList([1], { name: 'list' })).toThrow(
      expect.objectContaining({ code: 'ERR_NAME_EXISTS' }),
    );
    list.unlink();
    const missing = expect.objectContaining({ code: 'ERR_NAME_NOT_FOUND' });
    expect(() => new ShareableList(null, { name: 'list' })).toThrow(missing);
    expect(() => list.unlink()).toThrow(missing);
    list.close();
    expect(() => list.get(0)).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    expect(() => list.format).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    expect(new ShareableList([]).name).toMatch(/^psm_/);
  });

  it.each([
    ['a bigint of more than 64 bits', [2n ** 63n], /values\[0\] .*64 bits/],
    ['a lone surrogate', ['\ud800'], /lone surrogates/],
    ['undefined', [1, undefined], /values\[1\] must be/],
    ['an object', [{}], /values\[0\] must be/],
    ['a symbol', [Symbol('x')], /values\[0\] must be/],
    ['a number for the values', 5, /values must be an iterable/],
    ['a string for the values', 'abc', /values must be an iterable/],
    ['neither values nor a name', undefined, /options\.name must be/],
  ])('%s is refused', (_, values, message) => {
    expect(() => new ShareableList(values as never)).toThrow(message);
  });
});
