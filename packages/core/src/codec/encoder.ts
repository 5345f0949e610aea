import { EncodeError } from '../errors.js';
import {
  writeArray,
  writeArrayContent,
  writeFields,
  writePairs,
  writePlainFields,
} from './containers.js';
import { EncodedBytes } from './encoded.js';
import { writeExotic } from './exotics.js';
import type { Locations } from './locations.js';
import { writeBigInt, writeNumber } from './numbers.js';
import { ObjectNumbers } from './object-numbers.js';
import { type PathPrefix, PathTracker } from './path.js';
import { type Shape, ShapeTable } from './shapes.js';
import { writeString } from './strings.js';
import { WriteTables } from './tables.js';
import * as tags from './tags.js';
import type { CodecContext, EncodeOptions, SharedReference } from './types.js';
import { ByteWriter } from './writer.js';

interface Deferred {
  readonly path: PathPrefix;
  readonly write: () => void;
}

const OBJECT_PROTOTYPE = Object.prototype;
const ARRAY_PROTOTYPE = Array.prototype;

/** Encodes one value at a time into scratch memory of its own. */
export class Encoder {
  readonly out = new ByteWriter();
  readonly path = new PathTracker();
  readonly shapes = new ShapeTable();
  readonly tables = new WriteTables();
  readonly references: SharedReference[] = [];
  readonly context: CodecContext;
  readonly locations: Locations;
  /** The shape of the last plain object at each depth. */
  readonly predicted: (Shape | undefined)[] = [];
  foreign: ((value: object) => number | undefined) | undefined;

  readonly #objects = new ObjectNumbers();
  readonly #deferred: Deferred[] = [];
  readonly #encoded = new EncodedBytes(this.out, this.tables);
  /** Numbers of the objects that {@link writeClosed} is writing. */
  readonly #open = new Set<number>();
  /** From this depth on, the contents of containers are written later. */
  #deferDepth = tags.DEFER_DEPTH;
  #backReferences = false;
  /** Whether somebody gave all plain objects an enumerable property. */
  #inheriting = false;
  #refusal: EncodeError | undefined;

  constructor(context: CodecContext, locations: Locations) {
    this.context = context;
    this.locations = locations;
  }

  /** Encodes a value; the result is valid until the next call. */
  encode(value: unknown, options: EncodeOptions | undefined): EncodedBytes {
    this.out.reset();
    this.tables.clear();
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      return this.#encodeGraph(value, options);
    }
    if (typeof value === 'symbol') this.path.reset(options?.path);
    this.writeValue(value);
    return this.#encoded.finish(0, undefined);
  }

  /** Writes any value with its tag. */
  writeValue(value: unknown): void {
    switch (typeof value) {
      case 'number':
        writeNumber(this.out, value);
        break;
      case 'string':
        writeString(this.out, value);
        break;
      case 'object':
        if (value === null) this.out.u8(tags.NULL);
        else this.#writeObject(value);
        break;
      case 'boolean':
        this.out.u8(value ? tags.TRUE : tags.FALSE);
        break;
      case 'undefined':
        this.out.u8(tags.UNDEFINED);
        break;
      case 'bigint':
        writeBigInt(this.out, value);
        break;
      case 'function':
        this.#writeFunction(value);
        break;
      default:
        throw this.refuse('it is a symbol, which exists in one agent only; send a string');
    }
  }

  /** Opens a level of the path and returns its number; the caller sets `path.depth` back. */
  enter(kind: number): number {
    if (this.path.depth >= tags.MAX_DEPTH) {
      throw this.refuse(
        `it is nested more than ${tags.MAX_DEPTH} levels deep in errors, or in instances whose ` +
          'class has a decode hook; send such a chain as an array',
      );
    }
    return this.path.enter(kind);
  }

  /** Whether a container met now must be passed to {@link defer}. */
  get deep(): boolean {
    return this.path.depth >= this.#deferDepth;
  }

  /** Leaves a container's contents for later, so that deep nesting needs no deep call stack. */
  defer(tag: number, write: () => void): void {
    this.out.u8(tags.DEFERRED);
    this.out.u8(tag);
    this.#deferred.push({ path: this.path.capture(), write });
  }

  /**
   * Writes the data of an object that cannot exist at the receiver before all of it was read:
   * the data may not lead back to it, and nothing in it may be deferred.
   */
  writeClosed(number: number, kind: number, data: unknown): void {
    const deferDepth = this.#deferDepth;
    this.#deferDepth = Number.POSITIVE_INFINITY;
    this.#open.add(number);
    const depth = this.enter(kind);
    this.writeValue(data);
    this.path.depth = depth - 1;
    this.#open.delete(number);
    this.#deferDepth = deferDepth;
  }

  /** The number of the object that was met last. */
  get lastNumber(): number {
    return this.#objects.next - 1;
  }

  /** An error about the value that is being written. */
  refuse(problem: string, cause?: unknown): EncodeError {
    const path = this.path.toString();
    const options = cause === undefined ? undefined : { cause };
    this.#refusal = new EncodeError(
      path,
      `${path} cannot travel to another agent: ${problem}`,
      options,
    );
    return this.#refusal;
  }

  #encodeGraph(value: object | Function, options: EncodeOptions | undefined): EncodedBytes {
    this.#begin(options);
    try {
      this.out.u8(tags.HEADER);
      this.writeValue(value);
      if (this.#deferred.length > 0) this.#writeDeferred();
      return this.#finish();
    } catch (error) {
      this.tables.clear();
      throw this.#explain(error);
    } finally {
      this.#objects.clear();
      this.foreign = undefined;
    }
  }

  #begin(options: EncodeOptions | undefined): void {
    this.path.reset(options?.path);
    this.shapes.reset();
    this.foreign = options?.foreign;
    this.#deferDepth = tags.DEFER_DEPTH;
    this.#backReferences = false;
    this.#inheriting = inherits();
    if (this.references.length > 0) this.references.length = 0;
    if (this.#deferred.length > 0) this.#deferred.length = 0;
    if (this.#open.size > 0) this.#open.clear();
  }

  #finish(): EncodedBytes {
    const { out, tables, references } = this;
    const tablesAt = tables.used ? out.position : 0;
    if (tables.used) tables.write(out);
    out.bytes[0] =
      tags.HEADER |
      (this.#backReferences ? tags.HAS_BACK_REFERENCES : 0) |
      (tables.used ? tags.HAS_TABLES : 0);
    return this.#encoded.finish(tablesAt, references.length > 0 ? references.slice() : undefined);
  }

  #writeDeferred(): void {
    const { path } = this;
    for (let i = 0; i < this.#deferred.length; i++) {
      const deferred = this.#deferred[i] as Deferred;
      path.prefix = deferred.path;
      path.depth = 0;
      deferred.write();
    }
    this.#deferred.length = 0;
  }

  /** Our own refusal as it is; anything else (a getter or hook that threw) with its place. */
  #explain(error: unknown): EncodeError {
    const refusal =
      error === this.#refusal && this.#refusal !== undefined
        ? this.#refusal
        : this.refuse(`reading it failed: ${messageOf(error)}`, error);
    this.#refusal = undefined;
    this.#deferred.length = 0;
    return refusal;
  }

  #writeObject(value: object): void {
    const number = this.#objects.add(value);
    if (number >= 0) {
      this.#writeBack(number);
      return;
    }
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype === OBJECT_PROTOTYPE) {
      if (this.deep) this.defer(tags.OBJECT, () => writePairs(this, value, Object.keys(value)));
      else if (this.#inheriting) writeFields(this, value);
      else writePlainFields(this, value);
    } else if (prototype === ARRAY_PROTOTYPE && Array.isArray(value)) {
      if (!this.deep) writeArray(this, value);
      else this.defer(tags.ARRAY32, () => writeArrayContent(this, value));
    } else {
      writeExotic(this, value, prototype);
    }
  }

  #writeBack(number: number): void {
    if (this.#open.has(number)) {
      throw this.refuse(
        'it leads back to an instance that a decode hook makes, and that does not exist yet when ' +
          'its data is decoded; leave the decode option of registerClass out, or break the cycle',
      );
    }
    this.#backReferences = true;
    if (number <= 0xff) {
      this.out.u8(tags.BACK8);
      this.out.u8(number);
    } else {
      this.out.u8(tags.BACK32);
      this.out.u32(number);
    }
  }

  #writeFunction(fn: Function): void {
    let number: number;
    try {
      number = this.tables.functionNumber(fn, this.locations);
    } catch (error) {
      throw this.refuse(messageOf(error), error);
    }
    this.out.u8(tags.FUNCTION);
    this.out.size(number);
  }
}

function inherits(): boolean {
  for (const _key in OBJECT_PROTOTYPE) return true;
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
