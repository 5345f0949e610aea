import { ArgumentRangeError } from '@multiproc/core';
import type { Kind } from './kind.js';
import { elementsOfText, textOfElements } from './text.js';

/**
 * What `value` of a Value is in memory.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function elementOfScalar(kind: Kind, value: unknown, argument: string): number | bigint {
  const isNumber = kind.sort !== 'text' || (kind.name === 'c' && typeof value === 'number');
  if (isNumber) return kind.check(value, argument);
  const elements = elementsOfText(kind, value, argument);
  if (elements.length === 1) return elements[0] as number;
  const expected = kind.name === 'c' ? 'exactly one byte' : 'exactly one character';
  throw new ArgumentRangeError(argument, expected, value);
}

/** What an element is as `value` of a Value. */
export function scalarOfElement(
  kind: Kind,
  element: number | bigint,
): number | bigint | Buffer | string {
  return kind.sort === 'text' ? textOfElements(kind, [element as number]) : element;
}
