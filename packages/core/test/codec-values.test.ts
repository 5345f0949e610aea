import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCodec, roundTrip } from './fixtures/codec-context.js';
import { difference } from './fixtures/codec-same-graph.js';

const { codec } = makeCodec();

function travels(value: unknown): void {
  const decoded = roundTrip(value, codec);
  expect(difference(value, decoded)).toBeUndefined();
}

describe('primitives', () => {
  it.each([
    undefined,
    null,
    true,
    false,
    0,
    -0,
    127,
    128,
    -1,
    -128,
    -129,
    32767,
    32768,
    -32769,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 53,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    0.1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])('%s arrives exactly, alone and inside', (value) => {
    expect(Object.is(roundTrip(value, codec), value)).toBe(true);
    travels([value, { value }, new Map([[value, value]])]);
  });

  it.each([
    0n,
    -1n,
    2n ** 63n - 1n,
    2n ** 63n,
    -(2n ** 63n),
    -(2n ** 63n) - 1n,
    2n ** 64n,
    -(2n ** 64n),
    12345678901234567890123456789n,
    -(2n ** 5000n) + 7n,
  ])('a BigInt of every size arrives exactly (%#)', (value) => {
    expect(roundTrip(value, codec)).toBe(value);
  });

  it.each([0, 1, 12, 13, 16, 17, 24, 25, 31, 32, 255, 256, 70_000])(
    'strings of %i characters of every width arrive exactly',
    (length) => {
      for (const unit of ['a', 'é', '\0', '日', '\ud800', '😀']) {
        const text = unit.repeat(length).slice(0, length);
        expect(roundTrip(text, codec) === text).toBe(true);
        expect(roundTrip(`${text}x`, codec) === `${text}x`).toBe(true);
      }
    },
  );

  it('lone surrogates are kept in values and in keys', () => {
    const decoded = roundTrip({ '\ud800': 'a\udfffb', '\udc00': ['\ud83d'] }, codec);
    expect(Object.keys(decoded)).toEqual(['\ud800', '\udc00']);
    expect(decoded['\ud800'].charCodeAt(1)).toBe(0xdfff);
  });

  it('any string and any number arrives exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.double(), (text, number) => {
        expect(roundTrip(text, codec) === text).toBe(true);
        expect(Object.is(roundTrip(number, codec), number)).toBe(true);
      }),
    );
  });
});

describe('objects', () => {
  it('dates, invalid ones too, regular expressions and boxed primitives arrive', () => {
    travels([new Date(0), new Date(Number.NaN), /a(?<b>c)/giu, /\/\n/]);
    travels([Object(-0), Object('text'), Object(false), Object(5n), Object('')]);
    const sticky = /x/y;
    sticky.lastIndex = 3;
    expect(roundTrip(sticky, codec).lastIndex).toBe(0);
  });

  it('holes stay holes, in short, long and very long arrays', () => {
    // biome-ignore lint/suspicious/noSparseArray: holes are what is tested
    travels([, 1, , undefined, ,]);
    const long = new Array(5000);
    long[4000] = 'x';
    travels(long);
    const huge: unknown[] = [];
    huge[4_000_000_000] = { end: true };
    travels(huge);
    const empty: unknown[] = [];
    empty.length = 2 ** 32 - 1;
    expect(roundTrip(empty, codec).length).toBe(2 ** 32 - 1);
    expect(Object.keys(roundTrip(empty, codec))).toEqual([]);
  });

  it('named properties of an array travel, beside holes too', () => {
    for (const length of [0, 3, 16, 33, 1000]) {
      travels(Object.assign(new Array(length).fill(7), { extra: 'x', 'more…': [1] }));
      travels(Object.assign(new Array(length), { extra: 'x' }));
    }
    // biome-ignore lint/suspicious/noSparseArray: as many named properties as holes
    travels(Object.assign([1, , 3], { extra: 'x' }));
    travels('abc'.match(/b(?<name>c)/));
  });

  it('a __proto__ key stays an own property and changes no prototype', () => {
    const value = JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"toString":3}');
    travels(value);
    travels([value, value, JSON.parse('{"a":1,"__proto__":5}')]);
    expect(Object.getPrototypeOf(roundTrip(value, codec))).toBe(Object.prototype);
    const wide = JSON.parse(`{${Array.from({ length: 40 }, (_, i) => `"k${i}":0`)},"__proto__":1}`);
    travels(wide);
  });

  it('objects without prototype stay so', () => {
    travels(Object.assign(Object.create(null), { hasOwnProperty: 1 }));
  });

  it('keys keep their order, and many shapes do not mix', () => {
    travels([{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, {}, { a: 1, b: 2, c: 3 }, { b: 2, a: 1 }]);
    travels(Array.from({ length: 3000 }, (_, i) => ({ [`k${i % 1500}`]: i, same: 1 })));
    travels(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key${i}`, i])));
    travels({ ['long'.repeat(100)]: 1, ['日本'.repeat(100)]: 2, '': 3 });
  });

  it('a getter runs once, and its value travels', () => {
    let reads = 0;
    const value = {
      get a() {
        return ++reads;
      },
    };
    for (let round = 1; round <= 3; round++) {
      expect(roundTrip({ value, list: [value] }, codec)).toEqual({
        value: { a: round },
        list: [{ a: round }],
      });
    }
    expect(reads).toBe(3);
  });

  it('an enumerable property of Object.prototype does not travel', () => {
    const name = 'inheritedByAll';
    Object.defineProperty(Object.prototype, name, {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      const decoded = roundTrip([{ a: 1 }, { a: 2 }], codec);
      expect(Object.hasOwn(decoded[1] as object, name)).toBe(false);
    } finally {
      delete (Object.prototype as Record<string, unknown>)[name];
    }
  });

  it('plain objects behind a proxy travel as what they show', () => {
    expect(roundTrip(new Proxy({ a: [1] }, {}), codec)).toEqual({ a: [1] });
    expect(roundTrip(new Proxy([1, 2], {}), codec)).toEqual([1, 2]);
  });
});

describe('identity', () => {
  it('cycles and shared references keep their identity in every kind of container', () => {
    const date = new Date(5);
    const object: Record<string, unknown> = { date };
    const list: unknown[] = [object, date];
    const map = new Map<unknown, unknown>([[object, list]]);
    const set = new Set<unknown>([map, date]);
    map.set(map, set);
    set.add(set);
    list.push(list, set);
    Object.assign(object, { object, list, map, set, box: Object(1), pattern: /x/ });
    travels(object);
    travels([list, map, set]);
  });

  it('more than 65,536 objects are told apart', () => {
    const objects = Array.from({ length: 70_000 }, (_, i) => ({ i }));
    const decoded = roundTrip([objects, objects[69_999], objects[3], objects[17]], codec);
    const [list, last, third, other] = decoded as [object[], object, object, object];
    expect([list[69_999] === last, list[3] === third, list[17] === other]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('10,000 nested containers arrive, and lead back to the outermost', () => {
    const wraps: ((inner: unknown) => unknown)[] = [
      (inner) => [inner],
      (inner) => ({ inner }),
      (inner) => new Map([['k', inner]]),
      (inner) => new Set([inner]),
      (inner) => Object.assign(Object.create(null), { inner }),
      (inner) => [inner, inner],
    ];
    const root: unknown[] = [];
    let value: unknown = { root };
    for (let i = 0; i < 10_000; i++) value = wraps[i % wraps.length]?.(value);
    root.push(value);
    let [mine, theirs]: [unknown, unknown] = [root, roundTrip(root, codec)];
    const outermost = theirs;
    for (let i = 0; i <= 10_000; i++) [mine, theirs] = [innerOf(mine), innerOf(theirs)];
    expect((theirs as { root: unknown }).root).toBe(outermost);
    expect((mine as { root: unknown }).root).toBe(root);
  });

  function innerOf(value: unknown): unknown {
    if (value instanceof Map) return value.get('k');
    if (value instanceof Set || Array.isArray(value)) return [...value][0];
    return (value as { inner: unknown }).inner;
  }

  it('arbitrary graphs with cycles and shared objects arrive as the same graph', () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom('a', 'b', 'c', '0', '__proto__'));
    const kinds = fc.array(fc.constantFrom('object', 'array', 'map', 'set', 'null'), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(kinds, fc.array(edge, { maxLength: 60 }), (names, edges) => {
        const nodes = names.map(makeNode);
        for (const [from, to, key] of edges) {
          link(nodes[from % nodes.length] as object, nodes[to % nodes.length] as object, key);
        }
        travels(nodes);
      }),
      { numRuns: 300 },
    );
  });

  function makeNode(kind: string): object {
    if (kind === 'array') return [];
    if (kind === 'map') return new Map();
    if (kind === 'set') return new Set();
    return kind === 'null' ? Object.create(null) : {};
  }

  function link(from: object, to: object, key: string): void {
    if (from instanceof Map) from.set(key === 'c' ? to : key, to);
    else if (from instanceof Set) from.add(to);
    else if (Array.isArray(from)) from.push(to, key);
    else
      Object.defineProperty(from, key, {
        value: to,
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
});

describe('structured clone', () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    stringUnit: 'binary',
    maxDepth: 4,
  });

  it('arbitrary values arrive as structured clone would make them', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(difference(structuredClone(value), roundTrip(value, codec))).toBeUndefined();
        travels(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('two values encoded one after the other do not influence each other', () => {
    fc.assert(
      fc.property(anything, anything, (one, two) => {
        const first = codec.encode(one).toBytes();
        const second = codec.encode(two).toBytes();
        expect(difference(two, codec.decode(second))).toBeUndefined();
        expect(difference(one, codec.decode(first))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});

describe('re-entrance', () => {
  it('a getter may encode and decode with the same codec', () => {
    const value = {
      before: [1, 2],
      get inner() {
        return codec.decode(codec.encode({ nested: new Set([1]) }).toBytes());
      },
      after: { x: new Uint8Array(5000).fill(3) },
    };
    const encoded = codec.encode(value);
    const target = new Uint8Array(encoded.byteLength + 3);
    encoded.copyTo(target);
    expect(codec.decode(target.subarray(0, encoded.byteLength))).toEqual({
      before: [1, 2],
      inner: { nested: new Set([1]) },
      after: { x: new Uint8Array(5000).fill(3) },
    });
  });
});
