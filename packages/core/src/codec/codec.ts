import { DecodeError } from '../errors.js';
import { LoadedExports } from './classes.js';
import { Decoder, seekTables } from './decoder.js';
import { Encoder } from './encoder.js';
import { Locations } from './locations.js';
import { ByteReader } from './reader.js';
import { readFunctions } from './tables.js';
import { HAS_TABLES, HEADER, HEADER_FLAGS, MAX_TAG_INT } from './tags.js';
import type { CodecContext, DecodeOptions, Encoded, EncodeOptions } from './types.js';

export type {
  CodecContext,
  DecodeOptions,
  Encoded,
  EncodeOptions,
  Location,
  SharedReference,
} from './types.js';

/**
 * Turns values into bytes and back, with the semantics of structured clone and more: registered
 * classes, whole errors, shared objects, and functions and classes by module and export name.
 * What cannot travel is refused at the sender; nothing is changed or left out silently.
 *
 * Where it follows structured clone in leaving things out: property attributes, accessors (their
 * value travels, read once), symbol keys, named properties of a Map, Set, Date or typed array,
 * a RegExp's `lastIndex`. Where it keeps more: objects without prototype stay so, Buffers stay
 * Buffers, errors keep class, name and fields. Where it keeps less on purpose: of an ArrayBuffer
 * only what its views in the value span, so `byteOffset` may be smaller at the receiver. Equal
 * values need not have equal bytes.
 *
 * Python counterpart: `multiprocessing.reduction.ForkingPickler`.
 *
 * @example
 * ```ts
 * import { decode, encode } from '@multiproc/core';
 *
 * const bytes = encode({ id: 1, tags: new Set(['a']) }).toBytes();
 * console.log(decode(bytes)); // → { id: 1, tags: Set(1) { 'a' } }
 * ```
 */
export class Codec {
  readonly #context: CodecContext;
  readonly #locations: Locations;
  readonly #loaded: LoadedExports;
  /** A getter or hook may encode or decode while we do: each level has its own state. */
  readonly #encoders: Encoder[] = [];
  readonly #decoders: Decoder[] = [];
  #encoding = 0;
  #decoding = 0;

  /** @param context - what knows shared objects and exports */
  constructor(context: CodecContext) {
    this.#context = context;
    this.#locations = new Locations(context);
    this.#loaded = new LoadedExports(context);
  }

  /**
   * Encodes a value.
   *
   * @returns the bytes, to be copied before the next call of `encode`
   * @throws EncodeError (`ERR_ENCODE`) with the path of what cannot travel
   */
  encode(value: unknown, options?: EncodeOptions): Encoded {
    let encoder = this.#encoders[this.#encoding];
    if (encoder === undefined) {
      encoder = new Encoder(this.#context, this.#locations);
      this.#encoders.push(encoder);
    }
    this.#encoding++;
    try {
      return encoder.encode(value, options);
    } finally {
      this.#encoding--;
    }
  }

  /**
   * Decodes exactly these bytes, which may lie on shared memory; the value shares none of it.
   *
   * @throws DecodeError (`ERR_DECODE`) with a copy of the bytes
   */
  decode(bytes: Uint8Array, options?: DecodeOptions): unknown {
    return this.#decode(bytes, options, 0, bytes.length);
  }

  #decode(
    bytes: Uint8Array,
    options: DecodeOptions | undefined,
    start: number,
    end: number,
  ): unknown {
    let decoder = this.#decoders[this.#decoding];
    if (decoder === undefined) {
      decoder = new Decoder(this.#context, this.#loaded);
      this.#decoders.push(decoder);
    }
    this.#decoding++;
    try {
      return decoder.decode(bytes, options, start, end);
    } catch (error) {
      throw decodeError(bytes.subarray(start, end), error);
    } finally {
      this.#decoding--;
      decoder.clear();
    }
  }

  /**
   * Decodes a plain encoding that lies among other bytes, without making a view of it. It must be
   * plain: see `isPlain`.
   *
   * @throws DecodeError (`ERR_DECODE`) with a copy of the bytes
   */
  decodePlain(bytes: Uint8Array, start: number, end: number): unknown {
    const tag = start < end ? (bytes[start] as number) : HEADER;
    if (tag <= MAX_TAG_INT && end - start === 1) return tag;
    return this.#decode(bytes, undefined, start, end);
  }

  /**
   * URLs of the modules that {@link decode} will load functions and classes from, each once, so
   * that a receiver can import them before.
   *
   * @throws DecodeError (`ERR_DECODE`) with a copy of the bytes
   */
  modulesOf(bytes: Uint8Array): string[] {
    const header = bytes[0] ?? 0;
    if (header < HEADER || header > (HEADER | HEADER_FLAGS) || (header & HAS_TABLES) === 0) {
      return [];
    }
    try {
      const input = new ByteReader();
      input.reset(bytes);
      seekTables(input);
      return [...new Set(readFunctions(input).map(({ module }) => module))];
    } catch (error) {
      throw decodeError(bytes, error);
    }
  }
}

/**
 * Whether an encoding leads to nothing outside its own bytes: no function, class, buffer or shared
 * object. Decoding it runs no code of the user's.
 *
 * @param first - its first byte
 */
export function isPlain(first: number): boolean {
  return first < HEADER || (first & HAS_TABLES) === 0;
}

function decodeError(bytes: Uint8Array, cause: unknown): DecodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return new DecodeError(`${bytes.length} bytes cannot be decoded: ${reason}`, copy, { cause });
}
