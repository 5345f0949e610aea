import { ArgumentRangeError, ArgumentTypeError } from '@multiproc/core';
import type { Kind } from './kind.js';

/** Half of a surrogate pair, which no encoding of characters can carry. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The UTF-8 bytes of a text.
 *
 * @throws ArgumentRangeError for a lone surrogate, which would be replaced silently
 */
export function utf8(text: string, argument: string): Buffer {
  if (LONE_SURROGATE.test(text)) {
    throw new ArgumentRangeError(argument, 'text without lone surrogates', text);
  }
  return Buffer.from(text);
}

/**
 * The elements that a text stands for: bytes for `c`, code points for `u`.
 *
 * @throws ArgumentTypeError, ArgumentRangeError
 */
export function elementsOfText(kind: Kind, value: unknown, argument: string): ArrayLike<number> {
  if (kind.name === 'u') {
    if (typeof value !== 'string') throw new ArgumentTypeError(argument, 'a string', value);
    return Array.from(value, (character) => character.codePointAt(0) as number);
  }
  if (typeof value === 'string') return utf8(value, argument);
  if (value instanceof Uint8Array) return value;
  throw new ArgumentTypeError(argument, 'a string or a Uint8Array', value);
}

/** The text that elements stand for: a Buffer for `c`, a string for `u`. */
export function textOfElements(kind: Kind, elements: ArrayLike<number>): Buffer | string {
  if (kind.name === 'c') return Buffer.from(elements);
  return Array.from(elements, (point) => String.fromCodePoint(point)).join('');
}
