import { hasNamedProperties, namedKeys, nextPresent, presentIndexes } from './arrays.js';
import type { Encoder } from './encoder.js';
import {
  STEP_INDEX,
  STEP_MAP_KEY,
  STEP_MAP_VALUE,
  STEP_MAP_VALUE_AT,
  STEP_PROPERTY,
  STEP_SET_MEMBER,
} from './path.js';
import type { Shape } from './shapes.js';
import * as tags from './tags.js';

type Properties = Readonly<Record<string, unknown>>;

const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;
const mapSize = getter(Map.prototype, 'size');
const setSize = getter(Set.prototype, 'size');

function getter(prototype: object, name: string): (this: unknown) => number {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: unknown) => number;
}

/** Writes an object's own enumerable properties, by shape where that pays. */
export function writeFields(encoder: Encoder, object: object): void {
  const keys = Object.keys(object);
  const shape = encoder.shapes.find(keys);
  if (shape === undefined) {
    encoder.out.u8(tags.OBJECT);
    writePairs(encoder, object, keys);
    return;
  }
  writeShape(encoder, shape);
  const { path } = encoder;
  const depth = encoder.enter(STEP_PROPERTY);
  for (const key of keys) {
    path.keys[depth] = key;
    encoder.writeValue((object as Properties)[key]);
  }
  path.depth = depth - 1;
}

/**
 * The same for an object that inherits no enumerable property. Objects at one depth tend to be
 * alike, so the last shape there is tried first: `for in` compares the keys and then reads the
 * values without searching for either.
 */
export function writePlainFields(encoder: Encoder, object: object): void {
  const { path, predicted } = encoder;
  const shape = predicted[path.depth];
  if (shape === undefined || !hasShape(object, shape)) {
    predicted[path.depth] = encoder.shapes.find(Object.keys(object));
    writeFields(encoder, object);
    return;
  }
  writeShape(encoder, shape);
  const depth = encoder.enter(STEP_PROPERTY);
  let count = 0;
  for (const key in object) {
    path.keys[depth] = key;
    encoder.writeValue((object as Properties)[key]);
    count++;
  }
  path.depth = depth - 1;
  if (count !== shape.keys.length) throw encoder.refuse('a getter changed its properties');
}

function hasShape(object: object, { keys }: Shape): boolean {
  let count = 0;
  for (const key in object) {
    if (keys[count++] !== key) return false;
  }
  return count === keys.length;
}

function writeShape(encoder: Encoder, shape: Shape): void {
  const { out, shapes } = encoder;
  const number = shapes.numberOf(shape);
  if (number < 0) {
    out.words(shape.words, shape.byteLength);
  } else if (number <= tags.MAX_SHORT_SHAPE) {
    out.u8(tags.SHORT_SHAPE + number);
  } else {
    out.u8(tags.SHAPE16);
    out.u16(number);
  }
}

/** Writes these properties of an object, each with its key. */
export function writePairs(encoder: Encoder, object: object, keys: readonly string[]): void {
  const { out, path } = encoder;
  const depth = encoder.enter(STEP_PROPERTY);
  out.size(keys.length);
  for (const key of keys) {
    path.keys[depth] = key;
    encoder.writeValue(key);
    encoder.writeValue((object as Properties)[key]);
  }
  path.depth = depth - 1;
}

/** Writes an array with its tag. */
export function writeArray(encoder: Encoder, array: readonly unknown[]): void {
  const { out } = encoder;
  const { length } = array;
  const named = hasNamedProperties(array, length);
  if (named) out.u8(tags.ARRAY_EXTRAS);
  if (length <= tags.MAX_SHORT_ARRAY) {
    out.u8(tags.SHORT_ARRAY + length);
  } else {
    out.u8(tags.ARRAY32);
    out.u32(length);
  }
  writeElements(encoder, array, length);
  if (named) writePairs(encoder, array, namedKeys(array));
}

/** Writes a deferred array. */
export function writeArrayContent(encoder: Encoder, array: readonly unknown[]): void {
  const { length } = array;
  encoder.out.size(length);
  writeElements(encoder, array, length);
  writePairs(encoder, array, hasNamedProperties(array, length) ? namedKeys(array) : []);
}

function writeElements(encoder: Encoder, array: readonly unknown[], length: number): void {
  const { path } = encoder;
  const depth = encoder.enter(STEP_INDEX);
  let present: number[] | undefined;
  for (let i = 0; i < length; i++) {
    const element = array[i];
    if (element === undefined && !Object.hasOwn(array, i)) {
      present ??= presentIndexes(array);
      const next = nextPresent(present, i, length);
      encoder.out.u8(tags.HOLES);
      encoder.out.size(next - i);
      i = next - 1;
      continue;
    }
    path.keys[depth] = i;
    encoder.writeValue(element);
  }
  path.depth = depth - 1;
}

/** Writes a Map's count and entries. */
export function writeEntries(encoder: Encoder, map: Map<unknown, unknown>): void {
  const { out, path } = encoder;
  const size = mapSize.call(map);
  const countAt = reserveCount(encoder);
  const depth = encoder.enter(STEP_MAP_KEY);
  let count = 0;
  for (const [key, value] of mapEntries.call(map) as MapIterator<[unknown, unknown]>) {
    if (count === size) break;
    path.kinds[depth] = STEP_MAP_KEY;
    path.keys[depth] = count++;
    encoder.writeValue(key);
    if ((typeof key === 'object' && key !== null) || typeof key === 'function') {
      path.kinds[depth] = STEP_MAP_VALUE_AT;
    } else {
      path.kinds[depth] = STEP_MAP_VALUE;
      path.keys[depth] = key;
    }
    encoder.writeValue(value);
  }
  path.depth = depth - 1;
  out.view.setUint32(countAt, count, true);
}

/** Writes a Set's count and members. */
export function writeMembers(encoder: Encoder, set: Set<unknown>): void {
  const { out, path } = encoder;
  const size = setSize.call(set);
  const countAt = reserveCount(encoder);
  const depth = encoder.enter(STEP_SET_MEMBER);
  let count = 0;
  for (const member of setValues.call(set) as SetIterator<unknown>) {
    if (count === size) break;
    path.keys[depth] = count++;
    encoder.writeValue(member);
  }
  path.depth = depth - 1;
  out.view.setUint32(countAt, count, true);
}

/** Getters and hooks may change a collection while it is read: the count is known at the end. */
function reserveCount(encoder: Encoder): number {
  const { out } = encoder;
  out.u32(0);
  return out.position - 4;
}
