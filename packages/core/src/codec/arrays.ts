import { inspect } from 'node:util';

/** Up to here copying all elements is cheaper than `inspect`. */
const FEW = 32;

/** `inspect` looks at an array's named properties alone, however many elements there are. */
const ONLY_NAMED = {
  maxArrayLength: 0,
  depth: 0,
  customInspect: false,
  breakLength: Number.POSITIVE_INFINITY,
  colors: false,
};

/**
 * Whether an array has own enumerable properties besides its elements. The language can only list
 * all keys, which costs more than encoding the array. So first two cheaper questions: has a short
 * array as many own values as elements, and does `inspect` print a long one as expected? If not,
 * or if there are holes to make up for named properties in the count, we look closely.
 */
export function hasNamedProperties(array: readonly unknown[], length: number): boolean {
  if (length <= FEW) {
    if (Object.values(array).length === length && !array.includes(undefined)) return false;
  } else if (inspect(array, ONLY_NAMED) === `[ ... ${length} more items ]`) {
    return false;
  }
  const keys = Object.keys(array);
  return keys.length > 0 && !isIndex(keys[keys.length - 1] as string);
}

/** The names of those properties. */
export function namedKeys(array: readonly unknown[]): string[] {
  return Object.keys(array).filter((key) => !isIndex(key));
}

/** The indexes of the elements that are not holes, in order. */
export function presentIndexes(array: readonly unknown[]): number[] {
  return Object.keys(array).filter(isIndex).map(Number);
}

/** The first present index from `from` on, or `length`. */
export function nextPresent(present: readonly number[], from: number, length: number): number {
  let low = 0;
  let high = present.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((present[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  // At least one hole is passed over, even when a getter has since filled it.
  return Math.max(from + 1, Math.min(present[low] ?? length, length));
}

/** Whether a key names an element: own keys list these first, in order. */
function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  if (first < 48 || first > 57) return false;
  const index = Number(key);
  return index < 0xffff_ffff && Number.isInteger(index) && String(index) === key;
}
