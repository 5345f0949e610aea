import type { Decoder } from './decoder.js';
import type { ReadShape } from './shapes.js';
import { readString } from './strings.js';
import * as tags from './tags.js';

type Properties = Record<string, unknown>;

/** To set a length further away would make the engine allocate all elements before it. */
const DENSE_GAP = 1000;

/** Reads the values of a shape into a new plain object. */
export function readShapedObject(decoder: Decoder, target: object, shape: ReadShape): object {
  const { keys } = shape;
  if (shape.inherits) {
    readShapedFields(decoder, target, shape);
    return target;
  }
  decoder.enter();
  for (let i = 0; i < keys.length; i++) {
    (target as Properties)[keys[i] as string] = decoder.readValue();
  }
  decoder.leave();
  return target;
}

/** Reads the values of a shape into any object. */
export function readShapedFields(decoder: Decoder, target: object, shape: ReadShape): void {
  decoder.enter();
  for (const key of shape.keys) setOwn(target, key, decoder.readValue());
  decoder.leave();
}

/** Reads a count and that many keys and values. */
export function readPairs<T extends object>(decoder: Decoder, target: T): T {
  const { input } = decoder;
  decoder.enter();
  for (let count = input.size(); count > 0; count--) {
    const key = readString(input);
    setOwn(target, key, decoder.readValue());
  }
  decoder.leave();
  return target;
}

/** Own properties travel, so a setter or a read-only property that is inherited must not interfere. */
function setOwn(target: object, key: string, value: unknown): void {
  if (key in target) {
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    (target as Properties)[key] = value;
  }
}

/** Reads `length` elements. */
export function readArray(decoder: Decoder, array: unknown[], length: number): unknown[] {
  const { input } = decoder;
  decoder.enter();
  for (let i = 0; i < length; ) {
    if (input.bytes[input.position] === tags.HOLES) {
      input.take(1);
      const missing = input.size();
      if (missing < 1 || missing > length - i) throw input.malformed('a wrong number of holes');
      i += missing;
    } else {
      array[i++] = decoder.readValue();
    }
  }
  decoder.leave();
  if (array.length !== length) setLength(array, length);
  return array;
}

function setLength(array: unknown[], length: number): void {
  if (length - array.length > DENSE_GAP) {
    array[length - 1] = undefined;
    delete array[length - 1];
  } else {
    array.length = length;
  }
}

/** Reads a Map's entries. */
export function readEntries(decoder: Decoder, map: Map<unknown, unknown>): Map<unknown, unknown> {
  decoder.enter();
  for (let count = decoder.input.u32(); count > 0; count--) {
    const key = decoder.readValue();
    map.set(key, decoder.readValue());
  }
  decoder.leave();
  return map;
}

/** Reads a Set's members. */
export function readMembers(decoder: Decoder, set: Set<unknown>): Set<unknown> {
  decoder.enter();
  for (let count = decoder.input.u32(); count > 0; count--) set.add(decoder.readValue());
  decoder.leave();
  return set;
}

/** Reads what follows DEFERRED: the container as it is without its contents. */
export function readDeferred(decoder: Decoder): object {
  const tag = decoder.input.u8();
  switch (tag) {
    case tags.ARRAY32:
      return decoder.later([] as unknown[], (array) => readArrayContent(decoder, array));
    case tags.OBJECT:
      return decoder.later({}, (object) => readPairs(decoder, object));
    case tags.NULL_OBJECT:
      return decoder.later(Object.create(null), (object) => readPairs(decoder, object));
    case tags.MAP:
      return decoder.later(new Map(), (map) => readEntries(decoder, map));
    case tags.SET:
      return decoder.later(new Set(), (set) => readMembers(decoder, set));
    case tags.INSTANCE: {
      const { prototype } = decoder.classAt(decoder.input.size());
      return decoder.later(Object.create(prototype), (object) => readPairs(decoder, object));
    }
    default:
      throw decoder.badTag(tag);
  }
}

function readArrayContent(decoder: Decoder, array: unknown[]): void {
  const length = decoder.input.size();
  if (length > 0xffff_ffff) throw decoder.input.malformed('an array that is too long');
  readArray(decoder, array, length);
  readPairs(decoder, array);
}
