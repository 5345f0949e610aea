import { types } from 'node:util';
import type { ClassRegistration } from './class-registry.js';
import { writeArray, writeEntries, writeFields, writeMembers, writePairs } from './containers.js';
import type { Decoder } from './decoder.js';
import type { Encoder } from './encoder.js';
import { writeError } from './errors-codec.js';
import { STEP_ENCODED } from './path.js';
import { readEntries, readMembers } from './read-containers.js';
import * as tags from './tags.js';

/** Writes an instance of a registered class. */
export function writeInstance(
  encoder: Encoder,
  value: object,
  registration: ClassRegistration,
): void {
  if (registration.decode !== undefined) writeCustom(encoder, value, registration);
  else if (types.isNativeError(value)) writeError(encoder, value, registration);
  else if (isCollection(value)) writeCollection(encoder, value, registration);
  else if (isOtherBuiltIn(value)) throw encoder.refuse(needsHooks(registration));
  else writeOrdinary(encoder, value, registration);
}

function writeCustom(encoder: Encoder, value: object, registration: ClassRegistration): void {
  const number = encoder.lastNumber;
  const data: unknown = registration.encode ? registration.encode(value) : { ...value };
  encoder.out.u8(tags.CUSTOM_INSTANCE);
  encoder.out.size(encoder.tables.classNumber(registration, encoder.locations));
  encoder.writeClosed(number, STEP_ENCODED, data);
}

function writeOrdinary(encoder: Encoder, value: object, registration: ClassRegistration): void {
  const data: unknown = registration.encode ? registration.encode(value) : value;
  if (typeof data !== 'object' || data === null) {
    throw encoder.refuse(
      `its encode hook returned ${String(data)}; without a decode hook it must return an object`,
    );
  }
  const number = encoder.tables.classNumber(registration, encoder.locations);
  if (encoder.deep) {
    encoder.defer(tags.INSTANCE, () => writePairs(encoder, data, Object.keys(data)));
    encoder.out.size(number);
    return;
  }
  encoder.out.u8(tags.INSTANCE);
  encoder.out.size(number);
  writeFields(encoder, data);
}

type Collection = unknown[] | Map<unknown, unknown> | Set<unknown>;

function isCollection(value: object): value is Collection {
  return Array.isArray(value) || types.isMap(value) || types.isSet(value);
}

function writeCollection(
  encoder: Encoder,
  value: Collection,
  registration: ClassRegistration,
): void {
  if (registration.encode !== undefined) throw encoder.refuse(needsHooks(registration));
  const { out } = encoder;
  const number = encoder.tables.classNumber(registration, encoder.locations);
  if (Array.isArray(value)) {
    out.u8(tags.INSTANCE_ARRAY);
    out.size(number);
    writeArray(encoder, value);
    return;
  }
  const isMap = types.isMap(value);
  out.u8(isMap ? tags.INSTANCE_MAP : tags.INSTANCE_SET);
  out.size(number);
  if (isMap) writeEntries(encoder, value);
  else writeMembers(encoder, value as Set<unknown>);
  writeFields(encoder, value);
}

function isOtherBuiltIn(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value) ||
    types.isBoxedPrimitive(value) ||
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value)
  );
}

function needsHooks({ cls }: ClassRegistration): string {
  return `${cls.name} extends a built-in class; give registerClass both encode and decode for it`;
}

/** Reads what follows INSTANCE. */
export function readInstance(decoder: Decoder): object {
  const { prototype } = decoder.classAt(decoder.input.size());
  const instance: object = decoder.register(Object.create(prototype));
  decoder.readFieldsInto(instance);
  return instance;
}

/** Reads what follows INSTANCE_ARRAY, INSTANCE_MAP or INSTANCE_SET. */
export function readCollection(decoder: Decoder, tag: number): object {
  const { prototype } = decoder.classAt(decoder.input.size());
  if (tag === tags.INSTANCE_ARRAY) {
    const array: unknown[] = decoder.register([]);
    decoder.readArrayInto(array, decoder.input.u8());
    return Object.setPrototypeOf(array, prototype);
  }
  // The entries first: the class's own `set` or `add` made no decision about them at the sender.
  const collection =
    tag === tags.INSTANCE_MAP
      ? readEntries(decoder, decoder.register(new Map()))
      : readMembers(decoder, decoder.register(new Set()));
  Object.setPrototypeOf(collection, prototype);
  decoder.readFieldsInto(collection);
  return collection;
}

/** Reads what follows CUSTOM_INSTANCE. */
export function readCustom(decoder: Decoder): unknown {
  const { registration, name } = decoder.classAt(decoder.input.size());
  if (registration?.decode === undefined) {
    throw new Error(
      `the class ${name} has no decode hook here; call registerClass with it in every agent`,
    );
  }
  const number = decoder.reserve();
  decoder.enter();
  const data = decoder.readValue();
  decoder.leave();
  return decoder.fill(number, registration.decode(data));
}
