import { ArgumentTypeError } from '@multiproc/core';
import type { DictKey } from './key.js';

/**
 * An array as text, so that equal arrays have equal texts:
 *
 * | element | text |
 * | --- | --- |
 * | string | `s`, its length in units, `:`, itself |
 * | number, bigint | `n` or `b`, its digits, `;` |
 * | true, false, null, undefined | `t`, `f`, `z`, `u` |
 * | array | `a`, how many elements, `:`, the elements |
 *
 * @throws ArgumentTypeError when it is no plain array of keys
 */
export function writeArray(key: unknown): string {
  return write(key, key, []);
}

function write(value: unknown, key: unknown, above: unknown[]): string {
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`;
    case 'number':
      return `n${String(value)};`;
    case 'bigint':
      return `b${value.toString(16)};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'object':
      return value === null ? 'z' : writeElements(value, key, above);
    default:
      return refuseKey(`a ${typeof value} is none`, key);
  }
}

function writeElements(array: object, key: unknown, above: unknown[]): string {
  if (!Array.isArray(array) || Object.getPrototypeOf(array) !== Array.prototype) {
    return refuseKey('an object is none: use its id, or a text made of it', key);
  }
  if (above.includes(array)) return refuseKey('it contains itself', key);
  if (Object.keys(array).length !== array.length) {
    return refuseKey('it has holes or named properties', key);
  }
  above.push(array);
  let text = `a${array.length}:`;
  for (const element of array) text += write(element, key, above);
  above.pop();
  return text;
}

/** The array of a text that `writeArray` made; frozen, because keys are never changed. */
export function parseArray(text: string): readonly DictKey[] {
  return parse({ text, at: 0 }) as readonly DictKey[];
}

function parse(input: { text: string; at: number }): DictKey {
  switch (input.text[input.at++]) {
    case 's': {
      const length = Number(upTo(input, ':'));
      input.at += length;
      return input.text.slice(input.at - length, input.at);
    }
    case 'n':
      return Number(upTo(input, ';'));
    case 'b':
      return parseBigInt(upTo(input, ';'));
    case 't':
      return true;
    case 'f':
      return false;
    case 'z':
      return null;
    case 'u':
      return undefined;
    default: {
      const length = Number(upTo(input, ':'));
      return Object.freeze(Array.from({ length }, () => parse(input)));
    }
  }
}

function upTo(input: { text: string; at: number }, end: string): string {
  const start = input.at;
  const stop = input.text.indexOf(end, start);
  input.at = stop + 1;
  return input.text.slice(start, stop);
}

/** What `toString(16)` of a BigInt gave. */
export function parseBigInt(hex: string): bigint {
  return hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
}

const EXPECTED =
  'a string, number, bigint, boolean, null, undefined or a plain array of these, because keys ' +
  'are compared by value';

function refuseKey(reason: string, key: unknown): never {
  throw new ArgumentTypeError('key', `${EXPECTED} (${reason})`, key);
}
