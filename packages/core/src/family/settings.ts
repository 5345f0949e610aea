import { ArgumentRangeError, ArgumentTypeError, checkOptions } from '../arguments.js';
import {
  DEFAULT_ARENA_BYTES,
  MAX_ARENA_BYTES,
  MIN_ARENA_BYTES,
  SLAB_BYTES,
} from '../memory/layout.js';
import type { MemoryKind } from '../memory/memory.js';

/** Options of {@link configure}. */
export interface FamilyOptions {
  /**
   * `process`: shared by OS processes and threads (Linux, with the optional dependency koffi).
   * `thread`: shared by the threads of one process, without native code. Left out: `process`
   * where the platform has it, else `thread`. The environment variable `MULTIPROC_MEMORY` does
   * the same.
   */
  memory?: MemoryKind | undefined;
  /**
   * Address space of the family's memory in bytes, 1 MiB to 2 GiB, 1 GiB when left out. Only what
   * is used costs memory. The environment variable `MULTIPROC_ARENA_SIZE` does the same.
   */
  arenaSize?: number | undefined;
}

/** What the family of this process will be made of. */
export interface Settings {
  /** The memory asked for; `undefined`: the best there is. */
  readonly memory: MemoryKind | undefined;
  /** Size of the arena in slabs. */
  readonly slabs: number;
}

/**
 * Reads the options and the environment.
 *
 * @param options - what `configure` was given
 * @throws ArgumentTypeError, ArgumentRangeError naming the option or the variable
 */
export function readSettings(options: FamilyOptions): Settings {
  checkOptions(options);
  return { memory: readMemory(options), slabs: readSlabs(options) };
}

function readMemory(options: FamilyOptions): MemoryKind | undefined {
  const isOption = options.memory !== undefined;
  const value = isOption ? options.memory : process.env.MULTIPROC_MEMORY;
  if (value === undefined || value === '') return undefined;
  if (value === 'process' || value === 'thread') return value;
  const argument = isOption ? 'options.memory' : 'the environment variable MULTIPROC_MEMORY';
  throw new ArgumentRangeError(argument, "'process' or 'thread'", value);
}

function readSlabs(options: FamilyOptions): number {
  const isOption = options.arenaSize !== undefined;
  const text = process.env.MULTIPROC_ARENA_SIZE;
  const value = options.arenaSize ?? (text ? Number(text) : DEFAULT_ARENA_BYTES);
  const argument = isOption ? 'options.arenaSize' : 'the environment variable MULTIPROC_ARENA_SIZE';
  const expected = `a number of bytes from ${MIN_ARENA_BYTES} to ${MAX_ARENA_BYTES}`;
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, expected, value);
  if (!(value >= MIN_ARENA_BYTES && value <= MAX_ARENA_BYTES)) {
    throw new ArgumentRangeError(argument, expected, isOption ? value : text);
  }
  return Math.ceil(value / SLAB_BYTES);
}
