import type { ClassRegistration } from './class-registry.js';
import { writeFields } from './containers.js';
import type { Decoder } from './decoder.js';
import type { Encoder } from './encoder.js';
import { STEP_PROPERTY } from './path.js';
import { MalformedBytes } from './reader.js';
import { readString } from './strings.js';
import * as tags from './tags.js';

/*
 * An error after its tag:
 *
 * | bytes  | meaning                                                                             |
 * | ------ | ----------------------------------------------------------------------------------- |
 * | u8     | nearest built-in class (place in BASES); BRANDED when it is a multiproc error       |
 * | size   | number of its registered class plus 1, or 0                                         |
 * | u8     | bit n: HIDDEN_KEYS[n] is present                                                    |
 * | values | those, in that order                                                                |
 * | fields | own enumerable properties                                                           |
 *
 * A DOMException has no first two entries.
 */

type ErrorConstructor = new (...args: never[]) => Error;

/** Never reordered. SuppressedError needs Node 24; elsewhere it comes back as an Error. */
const BASES = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
  'SuppressedError',
] as const;
const AGGREGATE_ERROR = 7;
const BRANDED = 0x80;
const BRAND = Symbol.for('multiproc.error');

/** Properties that errors have without listing them; never reordered. */
const HIDDEN_KEYS = [
  'name',
  'message',
  'stack',
  'cause',
  'errors',
  'code',
  'error',
  'suppressed',
] as const;
/** Of those, the ones that a class may give through its prototype. */
const INHERITED_KEYS = new Set<string>(['name', 'message', 'code']);

type Fields = Record<string, unknown>;
const globals = globalThis as unknown as Record<string, ErrorConstructor | undefined>;

/** Writes an error; its class travels too when it is registered. */
export function writeError(
  encoder: Encoder,
  error: Error,
  registration: ClassRegistration | undefined,
): void {
  const { out } = encoder;
  const base = baseOf(error);
  const fields: unknown = registration?.encode ? registration.encode(error) : error;
  if (typeof fields !== 'object' || fields === null) {
    throw encoder.refuse(`its encode hook returned ${String(fields)}; it must return an object`);
  }
  out.u8(tags.ERROR);
  out.u8(base | (BRAND in error ? BRANDED : 0));
  out.size(
    registration === undefined
      ? 0
      : encoder.tables.classNumber(registration, encoder.locations) + 1,
  );
  writeHidden(encoder, error, BASES[base] as string);
  writeFields(encoder, fields);
}

/** Whether this is what `AbortSignal` and `fetch` reject with. */
export function isDomException(value: object): value is DOMException {
  return typeof DOMException === 'function' && value instanceof DOMException;
}

/** Writes a DOMException (an instance of a subclass comes back as one of the class itself). */
export function writeDomException(encoder: Encoder, error: DOMException): void {
  encoder.out.u8(tags.DOM_EXCEPTION);
  encoder.writeValue(String(error.message));
  encoder.writeValue(String(error.name));
  writeHidden(encoder, error, undefined);
  writeFields(encoder, error);
}

/** The nearest built-in class in the chain of prototypes, which may be of another realm. */
function baseOf(error: Error): number {
  let prototype: object | null = Object.getPrototypeOf(error);
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof made !== 'function') continue;
    const base = BASES.indexOf(made.name as (typeof BASES)[number]);
    if (base >= 0 && isNative(made)) return base;
  }
  return 0;
}

function isNative(fn: Function): boolean {
  return fn === globals[fn.name] || Function.prototype.toString.call(fn).includes('[native code]');
}

/** `base` is the name that needs no writing, `undefined` for what has name and message already. */
function writeHidden(encoder: Encoder, error: Error, base: string | undefined): void {
  let flags = 0;
  const values: unknown[] = [];
  HIDDEN_KEYS.forEach((key, bit) => {
    const value = hiddenValue(error, key, base);
    if (value === NOTHING) return;
    flags |= 1 << bit;
    values.push(value);
  });
  encoder.out.u8(flags);
  const depth = encoder.enter(STEP_PROPERTY);
  let next = 0;
  for (let bit = 0; bit < HIDDEN_KEYS.length; bit++) {
    if ((flags & (1 << bit)) === 0) continue;
    encoder.path.keys[depth] = HIDDEN_KEYS[bit];
    encoder.writeValue(values[next++]);
  }
  encoder.path.depth = depth - 1;
}

const NOTHING = Symbol('nothing');

function hiddenValue(error: Error, key: string, base: string | undefined): unknown {
  const own = Object.getOwnPropertyDescriptor(error, key);
  if (own?.enumerable === true) return NOTHING;
  if (key === 'stack') return typeof error.stack === 'string' ? error.stack : NOTHING;
  const value = (error as unknown as Fields)[key];
  if (base === undefined) return own !== undefined && key === 'cause' ? value : NOTHING;
  if (own !== undefined) return value;
  if (!INHERITED_KEYS.has(key) || value === undefined || value === '') return NOTHING;
  return key === 'name' && value === base ? NOTHING : value;
}

/** Reads what follows ERROR. */
export function readError(decoder: Decoder): Error {
  const { input } = decoder;
  const first = input.u8();
  const base = first & ~BRANDED;
  const name = BASES[base];
  if (name === undefined) throw input.malformed('an unknown class of errors');
  const error = decoder.register(
    makeQuietly(() => (base === AGGREGATE_ERROR ? new AggregateError([]) : newError(name))),
  );
  // Nothing that the constructor made here belongs to the error that travelled.
  for (const key of Object.getOwnPropertyNames(error)) delete (error as unknown as Fields)[key];
  const classNumber = input.size() - 1;
  const prototype = classNumber < 0 ? undefined : knownPrototype(decoder, classNumber);
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
  if (first !== base) Object.defineProperty(error, BRAND, { value: true });
  readHidden(decoder, error);
  decoder.readFieldsInto(error);
  return error;
}

/** Reads what follows DOM_EXCEPTION. */
export function readDomException(decoder: Decoder): DOMException {
  const message = readString(decoder.input);
  const name = readString(decoder.input);
  const error = decoder.register(makeQuietly(() => new DOMException(message, name)));
  readHidden(decoder, error);
  decoder.readFieldsInto(error);
  return error;
}

/** An error of a class that is unknown here still arrives, as the nearest built-in one. */
function knownPrototype(decoder: Decoder, classNumber: number): object | undefined {
  try {
    return decoder.classAt(classNumber).prototype;
  } catch (failure) {
    if (failure instanceof MalformedBytes) throw failure;
    return undefined;
  }
}

function newError(name: (typeof BASES)[number]): Error {
  const Base = globals[name] ?? (Error as ErrorConstructor);
  return new Base();
}

/** Without the cost of a stack trace that the true one replaces. */
function makeQuietly<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

function readHidden(decoder: Decoder, error: Error): void {
  const flags = decoder.input.u8();
  for (let bit = 0; bit < HIDDEN_KEYS.length; bit++) {
    if ((flags & (1 << bit)) === 0) continue;
    const key = HIDDEN_KEYS[bit] as string;
    const value = decoder.readValue();
    // What the class gives through its prototype need not become the error's own.
    if (INHERITED_KEYS.has(key) && (error as unknown as Fields)[key] === value && value !== '') {
      continue;
    }
    Object.defineProperty(error, key, { value, writable: true, configurable: true });
  }
}
