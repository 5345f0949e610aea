import { ArgumentRangeError, ArgumentTypeError } from '@multiproc/core';
import { KIND_NAMES, type KindName, PYTHON_CODES } from './typecodes.js';

/** Any of the arrays that elements lie in. */
export type Elements =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Makes such an array, of its own or over shared memory. */
export interface ElementsConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): Elements;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Elements;
}

/** What an element of a kind may be, and how it lies in memory. */
export interface Kind {
  readonly name: KindName;
  /** Its number in shared memory. */
  readonly number: number;
  readonly Array: ElementsConstructor;
  /** How it is reckoned with: bigint, double, or as the number of a byte or character. */
  readonly sort: 'integer' | 'bigint' | 'float' | 'text';
  /**
   * Checks what is to become an element.
   *
   * @returns the element
   * @throws ArgumentTypeError for another type; ArgumentRangeError for what does not fit
   */
  check(value: unknown, argument: string): number | bigint;
}

function integers(
  name: KindName,
  Type: ElementsConstructor,
  sort: 'integer' | 'text',
  min: number,
  max: number,
): Omit<Kind, 'number'> {
  const expected = `an integer from ${min} to ${max}`;
  const check = (value: unknown, argument: string) => {
    if (typeof value !== 'number') throw new ArgumentTypeError(argument, expected, value);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new ArgumentRangeError(argument, expected, value);
  };
  return { name, Array: Type, sort, check };
}

function bigints(
  name: KindName,
  Type: ElementsConstructor,
  min: bigint,
  max: bigint,
): Omit<Kind, 'number'> {
  const expected = `a bigint from ${min} to ${max}, or a safe integer`;
  const check = (value: unknown, argument: string) => {
    if (typeof value !== 'bigint' && typeof value !== 'number') {
      throw new ArgumentTypeError(argument, expected, value);
    }
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
      const integer = BigInt(value);
      if (integer >= min && integer <= max) return integer;
    }
    throw new ArgumentRangeError(argument, expected, value);
  };
  return { name, Array: Type, sort: 'bigint', check };
}

function floats(
  name: KindName,
  Type: ElementsConstructor,
  round: (value: number) => number,
): Omit<Kind, 'number'> {
  const check = (value: unknown, argument: string) => {
    if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'a number', value);
    if (Number.isFinite(value) && !Number.isFinite(round(value))) {
      throw new ArgumentRangeError(argument, `a number that ${name} can hold`, value);
    }
    return value;
  };
  return { name, Array: Type, sort: 'float', check };
}

const DEFINITIONS: Record<KindName, Omit<Kind, 'number'>> = {
  i8: integers('i8', Int8Array, 'integer', -128, 127),
  u8: integers('u8', Uint8Array, 'integer', 0, 255),
  i16: integers('i16', Int16Array, 'integer', -32_768, 32_767),
  u16: integers('u16', Uint16Array, 'integer', 0, 65_535),
  i32: integers('i32', Int32Array, 'integer', -(2 ** 31), 2 ** 31 - 1),
  u32: integers('u32', Uint32Array, 'integer', 0, 2 ** 32 - 1),
  i64: bigints('i64', BigInt64Array, -(2n ** 63n), 2n ** 63n - 1n),
  u64: bigints('u64', BigUint64Array, 0n, 2n ** 64n - 1n),
  f32: floats('f32', Float32Array, Math.fround),
  f64: floats('f64', Float64Array, (value) => value),
  c: integers('c', Uint8Array, 'text', 0, 255),
  u: integers('u', Uint32Array, 'text', 0, 0x10ffff),
};

const KINDS: readonly Kind[] = KIND_NAMES.map((name, number) => ({ ...DEFINITIONS[name], number }));

const BY_CODE = new Map<string, Kind>([
  ...KINDS.map((kind) => [kind.name, kind] as const),
  ...Object.entries(PYTHON_CODES).map(
    ([code, name]) => [code, KINDS[KIND_NAMES.indexOf(name)] as Kind] as const,
  ),
]);

/**
 * The kind that a typecode names.
 *
 * @throws ArgumentTypeError when it is no string; ArgumentRangeError when there is no such code
 */
export function kindOf(typecode: unknown): Kind {
  const expected = `one of ${[...BY_CODE.keys()].join(' ')}`;
  if (typeof typecode !== 'string') throw new ArgumentTypeError('typecode', expected, typecode);
  const kind = BY_CODE.get(typecode);
  if (!kind) throw new ArgumentRangeError('typecode', expected, typecode);
  return kind;
}

/** The kind with a number that was read from shared memory. */
export function kindNumbered(number: number): Kind {
  return KINDS[number] as Kind;
}
