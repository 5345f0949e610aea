import { BufferTable, type ReceivedBuffer, readBuffers } from './binary.js';
import type { ClassRegistration } from './class-registry.js';
import type { Locations } from './locations.js';
import { type ByteReader, MalformedBytes } from './reader.js';
import { readString, writeString } from './strings.js';
import type { DecodeOptions, Location, SharedReference } from './types.js';
import type { ByteWriter } from './writer.js';

/** A class of the payload: what it is registered as, and its number in the function table or -1. */
export interface ClassEntry {
  readonly name: string;
  readonly exported: number;
}

/**
 * What the values of one payload refer to by number, written behind them:
 *
 * | table     | layout                                                                      |
 * | --------- | --------------------------------------------------------------------------- |
 * | functions | size count, then a module and an export name (strings) each; the types of shared objects stand here too |
 * | classes   | size count, then the name (string) and size of the function's number plus 1 |
 * | buffers   | see BufferTable                                                             |
 */
export class WriteTables {
  readonly buffers = new BufferTable();
  readonly #functions = new Map<Function, number>();
  readonly #types = new Map<string, number>();
  readonly #locations: Location[] = [];
  readonly #classNumbers = new Map<ClassRegistration, number>();
  readonly #classes: ClassEntry[] = [];

  get used(): boolean {
    return this.#locations.length > 0 || this.#classes.length > 0 || this.buffers.size > 0;
  }

  /** URLs of the modules named so far, each once. */
  modules(): string[] {
    return [...new Set(this.#locations.map((location) => location.module))];
  }

  /** The number of a function; throws `NotExportedError`. */
  functionNumber(fn: Function, locations: Locations): number {
    return this.#functions.get(fn) ?? this.#addFunction(fn, locations.of(fn));
  }

  /** The number of a class. */
  classNumber(registration: ClassRegistration, locations: Locations): number {
    const known = this.#classNumbers.get(registration);
    if (known !== undefined) return known;
    const { cls, name, byNameOnly } = registration;
    const location = byNameOnly ? undefined : locations.ofClass(cls);
    const exported = location ? (this.#functions.get(cls) ?? this.#addFunction(cls, location)) : -1;
    const number = this.#classes.push({ name, exported }) - 1;
    this.#classNumbers.set(registration, number);
    return number;
  }

  /** The number of a shared object's type: its module, and its name where an export's would be. */
  typeNumber({ module, type }: SharedReference): number {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const number = this.#locations.push({ module, name: type }) - 1;
    this.#types.set(type, number);
    return number;
  }

  write(out: ByteWriter): void {
    out.size(this.#locations.length);
    for (const { module, name } of this.#locations) {
      writeString(out, module);
      writeString(out, name);
    }
    out.size(this.#classes.length);
    for (const { name, exported } of this.#classes) {
      writeString(out, name);
      out.size(exported + 1);
    }
    this.buffers.write(out);
  }

  #addFunction(fn: Function, location: Location): number {
    const number = this.#locations.push(location) - 1;
    this.#functions.set(fn, number);
    return number;
  }

  clear(): void {
    this.buffers.clear();
    if (this.#locations.length > 0) {
      this.#functions.clear();
      this.#types.clear();
      this.#locations.length = 0;
    }
    if (this.#classes.length > 0) {
      this.#classNumbers.clear();
      this.#classes.length = 0;
    }
  }
}

/** The tables at the receiver. */
export class ReadTables {
  readonly functions: readonly Location[];
  readonly classes: readonly ClassEntry[];
  readonly #buffers: readonly ReceivedBuffer[];

  constructor(
    functions: readonly Location[],
    classes: readonly ClassEntry[],
    buffers: readonly ReceivedBuffer[],
  ) {
    this.functions = functions;
    this.classes = classes;
    this.#buffers = buffers;
  }

  functionAt(number: number): Location {
    return entryAt(this.functions, number, 'function');
  }

  classAt(number: number): ClassEntry {
    return entryAt(this.classes, number, 'class');
  }

  bufferAt(number: number): ReceivedBuffer {
    return entryAt(this.#buffers, number, 'buffer');
  }
}

/** What a payload without tables has. */
export const NO_TABLES = new ReadTables([], [], []);

function entryAt<T>(table: readonly T[], number: number, what: string): T {
  const entry = table[number];
  if (entry === undefined) throw new MalformedBytes(`there is no ${what} ${number}`);
  return entry;
}

/** Reads the function table, which the input must stand at. */
export function readFunctions(input: ByteReader): Location[] {
  const locations: Location[] = [];
  for (let count = input.size(); count > 0; count--) {
    locations.push({ module: readString(input), name: readString(input) });
  }
  return locations;
}

/** Reads all tables and the binary data behind them. */
export function readTables(input: ByteReader, options?: DecodeOptions): ReadTables {
  const functions = readFunctions(input);
  const classes: ClassEntry[] = [];
  for (let count = input.size(); count > 0; count--) {
    classes.push({ name: readString(input), exported: input.size() - 1 });
  }
  return new ReadTables(functions, classes, readBuffers(input, options));
}
