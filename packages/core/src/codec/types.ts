/** Where a live shared object lies, and what a receiver needs in order to make use of it. */
export interface SharedReference {
  /** Name of the type, as registered. */
  readonly type: string;
  /** URL of the module that registers the type. */
  readonly module: string;
  /** Byte offset in the arena. */
  readonly offset: number;
  /** Tells the object from any other that ever lay there. */
  readonly serial: number;
}

/** Where a function or class is found again: its module's URL and its export name. */
export interface Location {
  readonly module: string;
  /** May be dotted: `Class.method`. */
  readonly name: string;
}

/** What the codec asks the agent for: shared objects, functions and classes by reference. */
export interface CodecContext {
  /** The reference of a live shared object, or `undefined` when `value` is none. */
  referenceOf(value: object): SharedReference | undefined;
  /** The living object; throws `HandleError`. */
  resolveReference(reference: SharedReference): object;
  /** Where a function or class is exported; throws `NotExportedError` with the reason. */
  locate(fn: Function): Location;
  /** The function or class; synchronous; throws when its module is not loaded and cannot be. */
  load(module: string, name: string): unknown;
}

/** Options of `encode`. */
export interface EncodeOptions {
  /** Name of the root in error paths, for example `args`; `value` when left out. */
  readonly path?: string;
  /** Index of an object among the handles sent beside the bytes, for example a socket's. */
  readonly foreign?: (value: object) => number | undefined;
}

/** Options of `decode`. */
export interface DecodeOptions {
  /** The object that came beside the bytes under this index. */
  readonly foreign?: (index: number) => unknown;
  /**
   * A buffer on the bytes themselves, for binary data of this length from this byte on, instead of
   * a copy; `undefined`: copy them.
   */
  readonly lend?: (start: number, length: number) => ArrayBuffer | undefined;
}

/**
 * An encoded value. It is valid until the next `encode` on the same codec: large binary data is
 * copied from the user's own buffers only in `copyTo`, so call that before giving control away.
 */
export interface Encoded {
  /** Size in bytes. */
  readonly byteLength: number;
  /** The shared objects in the value, each once. */
  readonly references: readonly SharedReference[];
  /** URLs of the modules whose functions or classes the value names, each once. */
  readonly modules: readonly string[];
  /**
   * Writes the bytes to `target`, which may lie on shared memory, from its byte `at` on; 0 when left
   * out. Throws `RangeError` when it is too short, `EncodeError` when a buffer has shrunk since
   * `encode`.
   */
  copyTo(target: Uint8Array, at?: number): void;
  /**
   * As `copyTo`, by words of four bytes, of which the last may be written whole: faster for a few
   * bytes. Returns `false`, having written nothing, when the value is not all in one place.
   */
  copyWords?(target: Int32Array, at: number): boolean;
  /** The bytes as a new array. */
  toBytes(): Uint8Array;
}
