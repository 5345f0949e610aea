import { type LoadedExports, type ResolvedClass, resolveClass } from './classes.js';
import { readDomException, readError } from './errors-codec.js';
import { readCollection, readCustom, readInstance } from './instances.js';
import { isPrimitive, readPrimitive } from './primitives.js';
import {
  readArray,
  readDeferred,
  readEntries,
  readMembers,
  readPairs,
  readShapedFields,
  readShapedObject,
} from './read-containers.js';
import { ByteReader } from './reader.js';
import { type ReadShape, readShape } from './shapes.js';
import { readLatin1, readString } from './strings.js';
import { NO_TABLES, type ReadTables, readTables } from './tables.js';
import * as tags from './tags.js';
import type { CodecContext, DecodeOptions } from './types.js';
import { readArrayBuffer, readView } from './views.js';

const FOOTER_SIZE = 4;
/** Stands for the object of a decode hook that has not returned. */
const UNMADE = Symbol('unmade');

/** Decodes one value at a time. */
export class Decoder {
  readonly input = new ByteReader();
  tables: ReadTables = NO_TABLES;

  readonly #context: CodecContext;
  readonly #loaded: LoadedExports;
  readonly #objects: unknown[] = [];
  /** The first `#shapeCount` belong to this payload. */
  readonly #shapes: ReadShape[] = [];
  #shapeCount = 0;
  readonly #deferred: (() => void)[] = [];
  readonly #classes = new Map<number, ResolvedClass>();
  #foreign: ((index: number) => unknown) | undefined;
  /** Whether anything refers back to an object, so that they must be numbered. */
  #numbering = false;
  #depth = 0;

  constructor(context: CodecContext, loaded: LoadedExports) {
    this.#context = context;
    this.#loaded = loaded;
  }

  /** Decodes a whole payload: all of the bytes, or a part without tables. */
  decode(
    bytes: Uint8Array,
    options: DecodeOptions | undefined,
    start = 0,
    end = bytes.length,
  ): unknown {
    const { input } = this;
    input.reset(bytes, start, end);
    const first = start < end ? bytes[start] : undefined;
    const value =
      first !== undefined && first >= tags.HEADER
        ? this.#readGraph(first, options)
        : this.readValue();
    if (input.position !== input.end) throw input.malformed('bytes are left over');
    return value;
  }

  /** Forgets the payload and its objects. */
  clear(): void {
    this.input.release();
    this.#depth = 0;
    this.#foreign = undefined;
    if (this.#objects.length > 0) this.#objects.length = 0;
    this.#shapeCount = 0;
    if (this.#deferred.length > 0) this.#deferred.length = 0;
    if (this.tables === NO_TABLES) return;
    this.tables = NO_TABLES;
    this.#classes.clear();
  }

  /** Reads any value. */
  readValue(): unknown {
    const { input } = this;
    const tag = input.u8();
    if (tag <= tags.MAX_TAG_INT) return tag;
    if (tag < tags.SHORT_ARRAY) return readLatin1(input, tag - tags.SHORT_STRING);
    if (tag < tags.SHORT_SHAPE) {
      return readArray(this, this.register([]), tag - tags.SHORT_ARRAY);
    }
    if (tag < tags.UNDEFINED || tag === tags.SHAPE_DEFINE || tag === tags.SHAPE16) {
      return this.#readShaped(tag);
    }
    // The commonest of the primitives, without a call that the engine does not inline.
    if (tag === tags.INT16) return input.i16();
    if (tag === tags.FLOAT64) return input.f64();
    return tag < tags.ARRAY32 ? readPrimitive(input, tag) : this.#readObject(tag);
  }

  /** Reads fields (see the layout) into an object. */
  readFieldsInto(target: object): void {
    const tag = this.input.u8();
    if (tag === tags.OBJECT) readPairs(this, target);
    else readShapedFields(this, target, this.#shapeOf(tag));
  }

  /** Gives an object its number. */
  register<T>(object: T): T {
    if (this.#numbering) this.#objects.push(object);
    return object;
  }

  /** Gives a number to an object that is made later; see {@link fill}. */
  reserve(): number {
    return this.#objects.push(UNMADE) - 1;
  }

  /** Puts the object under the number that was reserved for it. */
  fill(number: number, object: unknown): unknown {
    this.#objects[number] = object;
    return object;
  }

  /** Opens a level; {@link leave} closes it. */
  enter(): void {
    if (++this.#depth > tags.MAX_DEPTH) throw this.input.malformed('nested too deeply');
  }

  leave(): void {
    this.#depth--;
  }

  /** A class of the payload; throws when it is not known here. */
  classAt(number: number): ResolvedClass {
    let resolved = this.#classes.get(number);
    if (resolved === undefined) {
      resolved = resolveClass(this.tables, number, this.#loaded);
      this.#classes.set(number, resolved);
    }
    return resolved;
  }

  #readGraph(header: number, options: DecodeOptions | undefined): unknown {
    const { input } = this;
    if (header > (tags.HEADER | tags.HEADER_FLAGS)) {
      throw input.malformed(
        `byte 0x${header.toString(16)} is no header of this version of the encoding`,
      );
    }
    this.#foreign = options?.foreign;
    this.#numbering = (header & tags.HAS_BACK_REFERENCES) !== 0;
    const { end } = input;
    const hasTables = (header & tags.HAS_TABLES) !== 0;
    if (hasTables) this.#openTables(options);
    else input.take(1);
    const value = this.readValue();
    for (let i = 0; i < this.#deferred.length; i++) {
      this.#depth = 0;
      (this.#deferred[i] as () => void)();
    }
    if (hasTables && input.position === input.end) input.position = input.end = end;
    return value;
  }

  /** Reads the tables and leaves the input at the root, ending where the tables begin. */
  #openTables(options: DecodeOptions | undefined): void {
    const { input } = this;
    const tablesAt = seekTables(input);
    this.tables = readTables(input, options);
    if (input.position !== input.end) throw input.malformed('bytes are left over');
    input.end = tablesAt;
    input.position = 1;
  }

  #readShaped(tag: number): object {
    const shape = this.#shapeOf(tag);
    return readShapedObject(this, this.register({}), shape);
  }

  #shapeOf(tag: number): ReadShape {
    const { input } = this;
    if (tag === tags.SHAPE_DEFINE) {
      const made = readShape(input);
      this.#shapes[this.#shapeCount++] = made;
      return made;
    }
    const short = tag >= tags.SHORT_SHAPE && tag < tags.UNDEFINED;
    if (!short && tag !== tags.SHAPE16) throw this.badTag(tag);
    const number = short ? tag - tags.SHORT_SHAPE : input.u16();
    const shape = this.#shapes[number];
    if (shape === undefined || number >= this.#shapeCount)
      throw input.malformed(`there is no shape ${number}`);
    return shape;
  }

  #readObject(tag: number): unknown {
    const { input } = this;
    switch (tag) {
      case tags.ARRAY32:
        return readArray(this, this.register([]), input.u32());
      case tags.ARRAY_EXTRAS:
        return this.readArrayInto(this.register([]), tag);
      case tags.OBJECT:
        return readPairs(this, this.register({}));
      case tags.NULL_OBJECT: {
        const object = this.register(Object.create(null));
        this.readFieldsInto(object);
        return object;
      }
      case tags.MAP:
        return readEntries(this, this.register(new Map()));
      case tags.SET:
        return readMembers(this, this.register(new Set()));
      case tags.DATE:
        return this.register(new Date(input.f64()));
      case tags.REGEXP:
        return this.register(new RegExp(readString(input), readString(input)));
      case tags.BOXED:
        return this.#readBoxed();
      case tags.ARRAY_BUFFER:
        return readArrayBuffer(this);
      case tags.VIEW:
        return readView(this);
      case tags.ERROR:
        return readError(this);
      case tags.DOM_EXCEPTION:
        return readDomException(this);
      default:
        return this.#readLinked(tag);
    }
  }

  /** Values that lead elsewhere: to classes, exports, shared objects, earlier or later bytes. */
  #readLinked(tag: number): unknown {
    const { input } = this;
    switch (tag) {
      case tags.FUNCTION: {
        const { module, name } = this.tables.functionAt(input.size());
        return this.#loaded.get(module, name);
      }
      case tags.INSTANCE:
        return readInstance(this);
      case tags.INSTANCE_ARRAY:
      case tags.INSTANCE_MAP:
      case tags.INSTANCE_SET:
        return readCollection(this, tag);
      case tags.CUSTOM_INSTANCE:
        return readCustom(this);
      case tags.REFERENCE:
        return this.#readReference();
      case tags.FOREIGN:
        return this.#readForeign();
      case tags.BACK8:
        return this.#objectAt(input.u8());
      case tags.BACK32:
        return this.#objectAt(input.u32());
      case tags.DEFERRED:
        return readDeferred(this);
      default:
        throw this.badTag(tag);
    }
  }

  /** Reads an array value with its tag (already read) into an existing array. */
  readArrayInto(array: unknown[], tag: number): unknown[] {
    const { input } = this;
    if (tag === tags.ARRAY32) return readArray(this, array, input.u32());
    if (tag === tags.ARRAY_EXTRAS) {
      const inner = input.u8();
      if (inner === tags.ARRAY_EXTRAS) throw this.badTag(inner);
      readPairs(this, this.readArrayInto(array, inner));
      return array;
    }
    if (tag < tags.SHORT_ARRAY || tag >= tags.SHORT_SHAPE) throw this.badTag(tag);
    return readArray(this, array, tag - tags.SHORT_ARRAY);
  }

  #readBoxed(): object {
    const tag = this.input.u8();
    if (tag === tags.UNDEFINED || tag === tags.NULL || !isPrimitive(tag)) throw this.badTag(tag);
    return this.register(Object(readPrimitive(this.input, tag)) as object);
  }

  #readReference(): object {
    const { input } = this;
    const { module, name: type } = this.tables.functionAt(input.size());
    const reference = { type, module, offset: input.size(), serial: input.f64() };
    return this.register(this.#context.resolveReference(reference));
  }

  #readForeign(): unknown {
    const index = this.input.size();
    if (this.#foreign === undefined) {
      throw this.input.malformed('a handle that should have come beside the bytes is missing');
    }
    return this.register(this.#foreign(index));
  }

  #objectAt(number: number): unknown {
    const object = this.#objects[number];
    if (number >= this.#objects.length || object === UNMADE) {
      throw this.input.malformed(`there is no object ${number} yet`);
    }
    return object;
  }

  /** Numbers a container whose contents come later, and remembers how to read them. */
  later<T extends object>(container: T, read: (container: T) => void): T {
    this.#deferred.push(() => read(container));
    return this.register(container);
  }

  badTag(tag: number): Error {
    return this.input.malformed(`tag 0x${tag.toString(16)} means nothing here`);
  }
}

/** Moves to the tables, excludes the footer from the input, and returns where the tables begin. */
export function seekTables(input: ByteReader): number {
  if (input.end < 1 + FOOTER_SIZE) throw input.malformed('the payload is cut off');
  input.position = input.end - FOOTER_SIZE;
  const tablesAt = input.u32();
  input.end -= FOOTER_SIZE;
  if (tablesAt < 1 || tablesAt > input.end) throw input.malformed('the tables lie outside');
  input.position = tablesAt;
  return tablesAt;
}
