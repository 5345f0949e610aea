import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerClass } from '../src/codec/class-registry.js';
import type { Codec } from '../src/codec/codec.js';
import { DecodeError } from '../src/errors.js';
import { makeCodec } from './fixtures/codec-context.js';

class Mark {
  at = 1;
}
class Sealed {
  inner: unknown = [1];
}
registerClass(Mark, { name: 'malformed.Mark' });
registerClass(Sealed, {
  name: 'malformed.Sealed',
  encode: ({ inner }) => inner,
  decode: () => new Sealed(),
});

const { codec, context } = makeCodec();
const work = () => 1;
context.exports.set('file:///w.js#work', work);

/** A value with every kind of tag in it. */
function everything(): unknown {
  const shared = { a: 1 };
  let deep: unknown = new Map([[1, new Set([Object.create(null)])]]);
  for (let i = 0; i < 110; i++) deep = i % 2 ? [deep] : { deep };
  return [
    [undefined, null, true, false, 1, -1, 300, -70_000, 0.5, 5n, 2n ** 80n],
    ['', 'short', 'é'.repeat(40), '日', '日'.repeat(40), 'x'.repeat(300), '日'.repeat(300)],
    // biome-ignore lint/suspicious/noSparseArray: holes have a tag
    [shared, shared, [1, , 3], Object.assign([1], { b: 1 }), new Array(20).fill(0)],
    [new Map([[shared, 1]]), new Set([1]), new Date(1), /x/g, Object('b'), Object(1)],
    [
      new Uint8Array([1, 2]).buffer,
      new Float64Array(3),
      Buffer.from('x'),
      new DataView(new ArrayBuffer(2)),
    ],
    [
      new TypeError('t', { cause: shared }),
      new AggregateError([1]),
      new DOMException('d', 'AbortError'),
    ],
    [work, new Mark(), new Mark(), new Sealed(), context.lock(64), deep],
    Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, i])),
  ];
}

const whole = codec.encode(everything()).toBytes();

/** Decodes, or fails in the one way that is allowed: with a copy of the bytes. */
function decodeOrRefuse(bytes: Uint8Array, by: Codec = codec): void {
  try {
    by.modulesOf(bytes);
    by.decode(bytes, { foreign: () => ({}) });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { bytes: copy } = error;
    if (copy.buffer === bytes.buffer || Buffer.compare(copy, bytes) !== 0) throw error;
  }
}

describe('malformed bytes', () => {
  it('the value that is mutated below decodes when it is left alone', () => {
    expect(() => codec.decode(whole)).not.toThrow();
  });

  it('no bytes, unknown tags and other versions are refused', () => {
    for (const bytes of [[], [0xef], [0xf4, 1], [0xff], [0xf0], [0xf2, 1, 2], [0xf0, 0xf0, 1]]) {
      expect(() => codec.decode(Uint8Array.from(bytes))).toThrow(DecodeError);
    }
    expect(() => codec.decode(Uint8Array.from([0xf4, 1]))).toThrow(/version/);
  });

  it('bytes left over are refused', () => {
    expect(() => codec.decode(Uint8Array.from([5, 5]))).toThrow(/left over/);
    expect(() => codec.decode(Uint8Array.from([0xf0, 0xa0, 0]))).toThrow(/left over/);
  });

  it('every truncation is refused', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => codec.decode(whole.slice(0, length))).toThrow(DecodeError);
    }
  });

  it.each<[string, number[]]>([
    ['a string', [0xc9, 0xff, 0xff, 0xff, 0xff]],
    ['a wide string', [0xcb, 0xff, 0xff, 0xff, 0xff]],
    ['a BigInt', [0xcd, 0, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['an array', [0xf0, 0xce, 0xff, 0xff, 0xff, 0xff]],
    ['a Map', [0xf0, 0xd5, 0xff, 0xff, 0xff, 0xff]],
    ['a Set', [0xf0, 0xd6, 0xff, 0xff, 0xff, 0xff]],
    ['an object', [0xf0, 0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a shape', [0xf0, 0xd1, 0xff, 0, 0]],
    ['a buffer', [0xf2, 0xda, 0, 0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 3, 0, 0, 0]],
  ])('an absurd length of %s is refused at once', (_name, bytes) => {
    expect(() => codec.decode(Uint8Array.from(bytes))).toThrow(DecodeError);
  });

  it.each([30_000_000, 2 ** 32 - 1])('%i holes cost nothing', (length) => {
    const bytes = [0xf0, 0xce];
    for (let i = 0; i < 4; i++) bytes.push((length / 2 ** (8 * i)) & 0xff);
    bytes.push(0xcf);
    let rest = length;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    const before = process.memoryUsage().rss;
    expect((codec.decode(Uint8Array.from(bytes)) as unknown[]).length).toBe(length);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('nesting without end does not overflow the stack', () => {
    for (const tag of [0xa1, 0xd8, 0xd9, 0xd0, 0xe8]) {
      const bytes = new Uint8Array(100_000).fill(tag);
      bytes[0] = 0xf0;
      expect(() => codec.decode(bytes)).toThrow(DecodeError);
    }
    const maps = Uint8Array.from({ length: 500_000 }, (_, i) =>
      i % 5 === 1 ? 0xd6 : i % 5 === 2 ? 1 : 0,
    );
    maps[0] = 0xf0;
    expect(() => codec.decode(maps)).toThrow(/nested too deeply/);
  });

  it('mutated bytes decode to something or are refused, and the codec goes on', () => {
    const mutation = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = whole.slice();
        for (const [at, value] of mutations) bytes[at] = value;
        decodeOrRefuse(bytes);
        expect(codec.decode(codec.encode({ ok: [1] }).toBytes())).toEqual({ ok: [1] });
      }),
      { numRuns: 5000 },
    );
  });

  it.each([0, 0x7f, 0x80, 0xa1, 0xb0, 0xce, 0xcf, 0xd1, 0xe6, 0xe8, 0xf3, 0xff])(
    'every single byte set to %i decodes to something or is refused',
    (value) => {
      for (let at = 0; at < whole.length; at++) {
        const bytes = whole.slice();
        bytes[at] = value;
        decodeOrRefuse(bytes);
      }
    },
  );

  it('random bytes decode to something or are refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(0xf0, 0xf1, 0xf2, 0xf3),
        (tail, head) => {
          decodeOrRefuse(Uint8Array.from([head, ...tail]));
          decodeOrRefuse(tail);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
