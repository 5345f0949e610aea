import { type DictKey, ManagerDict } from '@multiproc/manager-dict';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const element = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.bigInt({ min: -2n, max: 2n ** 65n }),
  fc.constantFrom(true, false, null, undefined, '\ud800', -0, Number.NaN),
);
const small = fc.integer({ min: 0, max: 40 });
const key = fc.oneof({ weight: 6, arbitrary: small }, { weight: 1, arbitrary: element });
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ maxLength: 200 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.constant(undefined),
);

type Step = (dict: ManagerDict<DictKey, unknown>, map: Map<unknown, unknown>) => void;

const ten = (arbitrary: fc.Arbitrary<Step>) => ({ weight: 10, arbitrary });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 80,
    arbitrary: fc.tuple(key, value).map(
      ([k, v]): Step =>
        (dict, map) => {
          dict.set(k, v);
          map.set(k, v);
        },
    ),
  },
  {
    weight: 80,
    arbitrary: key.map(
      (k): Step =>
        (dict, map) => {
          expect(dict.delete(k)).toBe(map.delete(k));
        },
    ),
  },
  ten(
    key.map(
      (k): Step =>
        (dict, map) => {
          expect(dict.get(k)).toEqual(map.get(k));
          expect(dict.has(k)).toBe(map.has(k));
        },
    ),
  ),
  ten(
    fc.tuple(key, value).map(
      ([k, v]): Step =>
        (dict, map) => {
          dict.computeSync(k, () => v);
          if (v === undefined) map.delete(k);
          else map.set(k, v);
        },
    ),
  ),
  ten(
    fc.tuple(key, value).map(
      ([k, v]): Step =>
        (dict, map) => {
          if (!map.has(k)) map.set(k, v);
          expect(dict.setdefault(k, v)).toEqual(map.get(k));
        },
    ),
  ),
  ten(
    fc.constant<Step>((dict, map) => {
      if (map.size === 0) return;
      const last = [...map].at(-1) as [unknown, unknown];
      map.delete(last[0]);
      const [k, v] = dict.popitem();
      expect([comparable(k), v]).toEqual(last);
    }),
  ),
  {
    weight: 1,
    arbitrary: fc.constant<Step>((dict, map) => {
      dict.clear();
      map.clear();
    }),
  },
  // Many at once, so that tables grow and shrink and the order is compacted.
  ten(
    fc.tuple(small, small).map(
      ([from, count]): Step =>
        (dict, map) => {
          for (let n = 0; n < count * 8; n++) {
            dict.set([from, n], n);
            map.set(JSON.stringify([from, n]), n);
          }
          for (let n = 0; n < count * 7; n++) {
            dict.delete([from, n]);
            map.delete(JSON.stringify([from, n]));
          }
        },
    ),
  ),
);

/** Array keys are kept as text in the Map, which compares arrays by identity. */
function comparable(k: unknown): unknown {
  return Array.isArray(k) ? JSON.stringify(k) : k;
}

it('any sequence of calls does what it does to a Map, in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const dict = new ManagerDict<DictKey, unknown>();
      const map = new Map<unknown, unknown>();
      for (const one of steps) one(dict, map);
      expect(dict.size).toBe(map.size);
      expect(Array.from(dict, ([k, v]) => [comparable(k), v])).toEqual([...map]);
      dict[Symbol.dispose]();
    }),
    { numRuns: 250 },
  );
});

const nested = fc.letrec((tie) => ({
  key: fc.oneof({ maxDepth: 3 }, element, fc.array(tie('key'), { maxLength: 4 })),
})).key as fc.Arbitrary<DictKey>;

it('any key comes back as it went, and is found by its value', () => {
  fc.assert(
    fc.property(fc.array(nested, { maxLength: 20 }), (keys) => {
      const dict = new ManagerDict<DictKey, number>();
      for (const [index, k] of keys.entries()) dict.set(k, index);
      for (const k of keys) {
        expect(dict.has(structuredClone(k))).toBe(true);
      }
      for (const [k, index] of dict) {
        // toEqual tells -0 from 0, which are one key.
        expect(JSON.stringify(k, printable)).toBe(JSON.stringify(keys[index], printable));
      }
      dict[Symbol.dispose]();
    }),
    { numRuns: 300 },
  );
});

function printable(_: string, part: unknown): unknown {
  if (typeof part === 'bigint') return `bigint ${part}`;
  if (typeof part === 'number') return `number ${part}`;
  return part === undefined ? 'undefined' : part;
}
