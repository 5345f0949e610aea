import { types } from 'node:util';
import { classRegistry } from './class-registry.js';
import { writeArray, writeEntries, writeFields, writeMembers, writePairs } from './containers.js';
import type { Encoder } from './encoder.js';
import { isDomException, writeDomException, writeError } from './errors-codec.js';
import { writeInstance } from './instances.js';
import { describeRefused } from './refusals.js';
import * as tags from './tags.js';
import { VIEW_PROTOTYPES, writeArrayBuffer, writeView } from './views.js';

type Write = (encoder: Encoder, value: never) => void;

const dateTime = Date.prototype.getTime;

/** How objects of exactly these built-in classes are written. */
const BUILT_IN = new Map<object, Write>([
  ...VIEW_PROTOTYPES.map((prototype): [object, Write] => [prototype, writeIntrinsic]),
  [Map.prototype, writeMap],
  [Set.prototype, writeSet],
  [Date.prototype, writeDate],
  [RegExp.prototype, writeRegExp],
  [Number.prototype, writeBoxed],
  [String.prototype, writeBoxed],
  [Boolean.prototype, writeBoxed],
  [BigInt.prototype, writeBoxed],
  [ArrayBuffer.prototype, writeArrayBuffer],
  [Buffer.prototype, (encoder, view: Buffer) => writeView(encoder, view, true)],
]);

/** Writes an object that is neither a plain object nor a plain array. */
export function writeExotic(encoder: Encoder, value: object, prototype: object | null): void {
  if (prototype === null) {
    writeNullObject(encoder, value);
    return;
  }
  const write = BUILT_IN.get(prototype);
  if (write !== undefined) {
    write(encoder, value as never);
    return;
  }
  if (writeReference(encoder, value)) return;
  const registration = classRegistry().ofPrototype(prototype);
  if (registration !== undefined) {
    writeInstance(encoder, value, registration);
  } else if (isDomException(value)) {
    // Before errors: from Node 24 on it counts as one of these too.
    writeDomException(encoder, value);
  } else if (types.isNativeError(value)) {
    writeError(encoder, value, undefined);
  } else if (isIntrinsic(prototype)) {
    writeIntrinsic(encoder, value);
  } else {
    throw encoder.refuse(describeRefused(value));
  }
}

/** Shared objects, and what is sent beside the bytes. */
function writeReference(encoder: Encoder, value: object): boolean {
  const { out } = encoder;
  const reference = encoder.context.referenceOf(value);
  if (reference !== undefined) {
    encoder.references.push(reference);
    out.u8(tags.REFERENCE);
    out.size(encoder.tables.typeNumber(reference));
    out.size(reference.offset);
    out.f64(reference.serial);
    return true;
  }
  const index = encoder.foreign?.(value);
  if (index === undefined) return false;
  out.u8(tags.FOREIGN);
  out.size(index);
  return true;
}

/**
 * Whether a prototype belongs to a built-in class of another realm (a `node:vm` context), which is
 * not the same object as ours.
 */
function isIntrinsic(prototype: object): boolean {
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return (
    typeof made === 'function' &&
    made.prototype === prototype &&
    /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(made))
  );
}

function writeIntrinsic(encoder: Encoder, value: object): void {
  if (ArrayBuffer.isView(value)) writeView(encoder, value, false);
  else if (Array.isArray(value)) writeArray(encoder, value);
  else if (types.isMap(value)) writeMap(encoder, value);
  else if (types.isSet(value)) writeSet(encoder, value);
  else if (types.isDate(value)) writeDate(encoder, value);
  else if (types.isRegExp(value)) writeRegExp(encoder, value);
  else if (types.isBoxedPrimitive(value)) writeBoxed(encoder, value);
  else if (types.isArrayBuffer(value)) writeArrayBuffer(encoder, value);
  else if (isPlainOfAnotherRealm(value)) writeFields(encoder, value);
  else throw encoder.refuse(describeRefused(value));
}

function isPlainOfAnotherRealm(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Object.getPrototypeOf(prototype) === null && prototype.constructor.name === 'Object';
}

function writeNullObject(encoder: Encoder, value: object): void {
  // Pointers of native code have no prototype either.
  if (types.isExternal(value)) throw encoder.refuse(describeRefused(value));
  if (encoder.deep) {
    encoder.defer(tags.NULL_OBJECT, () => writePairs(encoder, value, Object.keys(value)));
    return;
  }
  encoder.out.u8(tags.NULL_OBJECT);
  writeFields(encoder, value);
}

function writeMap(encoder: Encoder, map: Map<unknown, unknown>): void {
  if (encoder.deep) {
    encoder.defer(tags.MAP, () => writeEntries(encoder, map));
    return;
  }
  encoder.out.u8(tags.MAP);
  writeEntries(encoder, map);
}

function writeSet(encoder: Encoder, set: Set<unknown>): void {
  if (encoder.deep) {
    encoder.defer(tags.SET, () => writeMembers(encoder, set));
    return;
  }
  encoder.out.u8(tags.SET);
  writeMembers(encoder, set);
}

function writeDate(encoder: Encoder, date: Date): void {
  const time = dateTime.call(date);
  encoder.out.u8(tags.DATE);
  encoder.out.f64(time);
}

function writeRegExp(encoder: Encoder, expression: RegExp): void {
  const { source, flags } = expression;
  encoder.out.u8(tags.REGEXP);
  encoder.writeValue(source);
  encoder.writeValue(flags);
}

function writeBoxed(encoder: Encoder, box: object): void {
  const primitive: unknown = unbox(box);
  encoder.out.u8(tags.BOXED);
  encoder.writeValue(primitive);
}

/** The primitive inside, whatever own `valueOf` the box may have. */
function unbox(box: object): unknown {
  if (types.isNumberObject(box)) return Number.prototype.valueOf.call(box);
  if (types.isStringObject(box)) return String.prototype.valueOf.call(box);
  if (types.isBooleanObject(box)) return Boolean.prototype.valueOf.call(box);
  if (types.isBigIntObject(box)) return BigInt.prototype.valueOf.call(box);
  return Symbol.prototype.valueOf.call(box);
}
