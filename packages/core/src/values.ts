import {
  Codec,
  type DecodeOptions,
  type Encoded,
  type EncodeOptions,
  isPlain,
} from './codec/codec.js';

import type { SharedReference } from './codec/types.js';
import { currentFamily } from './family/family.js';
import { locateFunction } from './modules/locate-function.js';
import { loadedExport } from './modules/module-loader.js';
import { attach } from './objects/open-object.js';
import { isShared } from './objects/shared-object.js';
import { typeNamed } from './objects/types.js';

/** The codec of this agent: shared objects travel as handles, functions as module and export name. */
const codec = new Codec({
  referenceOf,
  resolveReference,
  locate: locateFunction,
  load: loadedExport,
});

function referenceOf(value: object): SharedReference | undefined {
  if (!isShared(value)) return undefined;
  const { type, offset, serial } = value.handle;
  return { type, module: typeNamed(type)?.module ?? '', offset, serial };
}

function resolveReference({ type, module, offset, serial }: SharedReference): object {
  if (!typeNamed(type)) loadType(module, type);
  return attach({ family: currentFamily().id, type, offset, serial });
}

/** Importing the module registers the type; whether it also exports its class does not matter. */
function loadType(module: string, type: string): void {
  try {
    loadedExport(module, type);
  } catch (error) {
    if (!typeNamed(type)) throw error;
  }
}

/**
 * Turns a value into bytes that another agent of the family can decode.
 *
 * @param value - anything that can travel
 * @param options - name of the root in error paths; handles that are sent beside the bytes
 * @returns the bytes, to be copied before the next call
 * @throws EncodeError (`ERR_ENCODE`) with the path of what cannot travel
 *
 * @example
 * ```ts
 * import { decode, encode } from '@multiproc/core';
 *
 * const bytes = encode({ when: new Set([1, 2]) }).toBytes();
 * console.log(decode(bytes)); // → { when: Set(2) { 1, 2 } }
 * ```
 */
export function encode(value: unknown, options?: EncodeOptions): Encoded {
  return codec.encode(value, options);
}

/**
 * Turns bytes back into a value, which shares no memory with them. Shared objects in it become
 * this agent's own: decode while the payload still holds its references.
 *
 * @param bytes - what `encode` made, also when it lies in shared memory
 * @param options - handles that came beside the bytes
 * @throws DecodeError (`ERR_DECODE`) with a copy of the bytes
 */
export function decode(bytes: Uint8Array, options?: DecodeOptions): unknown {
  return codec.decode(bytes, options);
}

/**
 * The modules that decoding will need, so that a receiver can `importModule` them before: decoding
 * itself loads only what `require` can.
 *
 * @param bytes - what `encode` made
 * @throws DecodeError (`ERR_DECODE`) with a copy of the bytes
 */
export function modulesOf(bytes: Uint8Array): string[] {
  return codec.modulesOf(bytes);
}

/** Whether decoding an encoding runs nothing but the codec itself; told by its first byte. */
export const isPlainEncoding = isPlain;

/**
 * Decodes a plain encoding in place, where it lies among other bytes.
 *
 * @param bytes - may lie in shared memory
 * @param start - where the encoding begins; `isPlainEncoding` of that byte holds
 * @param end - where it ends
 * @throws DecodeError (`ERR_DECODE`) with a copy of the bytes
 */
export function decodePlain(bytes: Uint8Array, start: number, end: number): unknown {
  return codec.decodePlain(bytes, start, end);
}
