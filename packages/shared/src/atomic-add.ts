import type { Elements, Kind } from './kind.js';

/** Elements that can be changed atomically. */
type Integers = Exclude<Elements, Float32Array | Float64Array>;

/**
 * Adds to an integer in one atomic step, which never wraps around: `Atomics.add` would.
 *
 * @param elements - one element
 * @param delta - of the type of the element
 * @param kind - of the element
 * @returns the value before
 * @throws ArgumentRangeError when the sum does not fit; nothing has changed then
 */
export function atomicAdd<Element extends number | bigint>(
  elements: Elements,
  delta: Element,
  kind: Kind,
): Element {
  const cells = elements as Int32Array;
  // A plain read, an eighth of the cost of an atomic one: a guess that the compare-exchange checks.
  // Of 64 bits it could see two halves. A sum that does not fit may be of a value just replaced.
  let before = kind.sort === 'bigint' ? Atomics.load(cells, 0) : (cells[0] as number);
  // Loops because another agent may have been faster; one of them has succeeded then.
  for (;;) {
    const sum = kind.check(before + (delta as number), 'the sum') as number;
    const found = Atomics.compareExchange(cells, 0, before, sum);
    if (found === before) return before as Element;
    before = found;
  }
}

/** Puts a new element in place of an expected one, and returns what was there. */
export function atomicCompareExchange(
  elements: Elements,
  expected: number | bigint,
  replacement: number | bigint,
): number | bigint {
  return Atomics.compareExchange(
    elements as Integers as Int32Array,
    0,
    expected as number,
    replacement as number,
  );
}
