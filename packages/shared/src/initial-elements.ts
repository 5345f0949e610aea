import { types } from 'node:util';
import { ArgumentRangeError, ArgumentTypeError } from '@multiproc/core';
import type { Elements, Kind } from './kind.js';
import { elementsOfText } from './text.js';

/**
 * Checks values that are to become elements, all of them before any is written.
 *
 * @param kind - of the elements
 * @param values - an iterable, or a text where the elements are text
 * @param argument - its name in messages
 * @returns the elements, in memory of their own unless they were an array of this kind already
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function checkElements(kind: Kind, values: unknown, argument: string): Elements {
  if (values instanceof kind.Array && kind.name !== 'u') return values as Elements;
  const isText = kind.sort === 'text' && typeof values === 'string';
  const list = isText ? elementsOfText(kind, values, argument) : listOf(values, argument);
  const elements = new kind.Array(list.length);
  for (let i = 0; i < list.length; i++) {
    elements[i] = kind.check(list[i], `${argument}[${i}]`) as number;
  }
  return elements;
}

/**
 * What a new array begins with.
 *
 * @param sizeOrValues - a length, or the values
 * @returns the number of elements, and the elements unless all are zero
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function initialElements(
  kind: Kind,
  sizeOrValues: unknown,
): { length: number; elements?: Elements } {
  if (typeof sizeOrValues !== 'number') {
    const elements = checkElements(kind, sizeOrValues, 'sizeOrValues');
    return { length: elements.length, elements };
  }
  if (Number.isSafeInteger(sizeOrValues) && sizeOrValues >= 0) return { length: sizeOrValues };
  throw new ArgumentRangeError('sizeOrValues', 'a number of elements, 0 or more', sizeOrValues);
}

function listOf(values: unknown, argument: string): ArrayLike<unknown> {
  if (Array.isArray(values) || types.isTypedArray(values)) return values;
  const isIterable =
    typeof values === 'object' && values !== null && Symbol.iterator in (values as object);
  if (isIterable) return [...(values as Iterable<unknown>)];
  throw new ArgumentTypeError(argument, 'a number of elements or an iterable of them', values);
}
