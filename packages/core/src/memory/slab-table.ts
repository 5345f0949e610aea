import { HEADER, SLAB_BYTES, SLAB_TABLE } from './layout.js';
import type { Memory } from './memory.js';

/**
 * One word per slab of 64 KiB.
 *
 * | value | meaning | changed by | to |
 * | --- | --- | --- | --- |
 * | FREE (0) | unused, its pages are resident | holder of the arena lock | SMALL, LARGE |
 * | PUNCHED | unused, its pages were given back | holder of the arena lock, after committing it | SMALL, LARGE |
 * | SMALL + class + live | blocks of one size class; `live` of them taken, being taken or looked at | anybody, by compare-exchange of `live` | live + 1, live - 1 |
 * | | with live = 0 | holder of the arena lock, by compare-exchange | FREE |
 * | LARGE + n | first slab of a block of n slabs | owner of the block | FREE, PUNCHED |
 *
 * The words of slabs 2 to n of a large block are not looked at while its first word says LARGE;
 * they read FREE or PUNCHED. So one store takes a run and one store gives it back, and an agent
 * killed in between leaves the run either taken (leaked, when nobody refers to it) or free.
 *
 * Inside a SMALL slab:
 *
 * | offset | what |
 * | --- | --- |
 * | 0 | bitmap, 32 words: a set bit is a taken block |
 * | 128 | blocks of the class's size |
 *
 * Taking a block is two steps: `live` + 1, which keeps the slab from being retired or refilled,
 * and then a bit. `live` is never lower than the number of set bits, so who has raised it finds
 * a bit. A kill between the steps leaks one block.
 */
export const FREE = 0;
/** See {@link FREE}. */
export const PUNCHED = 1 << 27;
const SMALL = 1 << 28;
const LARGE = 1 << 29;
/** Flag of SMALL: the blocks are shared objects, with a header. */
const OBJECTS = 1 << 26;
const CLASS_SHIFT = 16;
const LIVE_MASK = 0xffff;
const LENGTH_MASK = 0xffff;

const BITMAP_WORDS = 32;
const FIRST_BLOCK = BITMAP_WORDS * 4;

/** Block sizes in bytes: multiples of 64, so that two blocks never share a cache line. */
const CLASSES = [
  64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 5440, 8128, 10_880, 16_320,
  21_760, 32_704,
];

/** Largest block that lies in a slab with others. */
export const MAX_SMALL = CLASSES[CLASSES.length - 1] as number;

const CAPACITY = CLASSES.map((bytes) => Math.floor((SLAB_BYTES - FIRST_BLOCK) / bytes));

/** Class of each length, by its number of 64-byte steps. */
const CLASS_OF_STEPS = Uint8Array.from({ length: MAX_SMALL / 64 + 1 }, (_, steps) =>
  CLASSES.findIndex((bytes) => bytes >= steps * 64),
);

/** The slabs of an arena: small blocks without a lock, and the words of large runs. */
export class SlabTable {
  readonly #words: Int32Array;
  readonly #first: number;
  /** For each class, raw and object: the slab that last had room. A hint of this thread only. */
  readonly #hints = new Int32Array(CLASSES.length * 2);
  /** For each class: the word of a bitmap in which there was a free block. A hint, too. */
  readonly #bits = new Uint8Array(CLASSES.length);

  /**
   * @param memory - the family's memory
   * @param first - the first slab that blocks may use
   */
  constructor(memory: Memory, first: number) {
    this.#words = memory.words;
    this.#first = first;
  }

  /** Slabs that have memory; only those are ever looked at. */
  get committed(): number {
    return Atomics.load(this.#words, HEADER.COMMITTED);
  }

  /**
   * Takes a small block from a slab that has room.
   *
   * @param length - bytes, at most {@link MAX_SMALL}
   * @param isObject - whether it becomes a shared object
   * @returns its offset, or `undefined` when every slab of its class is full
   */
  takeSmall(length: number, isObject: boolean): number | undefined {
    const sizeClass = classOf(length);
    const hint = sizeClass * 2 + (isObject ? 1 : 0);
    const kind = SMALL | (sizeClass << CLASS_SHIFT) | (isObject ? OBJECTS : 0);
    const hinted = this.#hints[hint] as number;
    if (hinted !== 0 && this.#reserve(hinted, kind)) return this.#takeBit(hinted, sizeClass);
    const end = this.committed;
    const capacity = CAPACITY[sizeClass] as number;
    for (let slab = this.#first, word = 0; slab < end; slab += lengthOf(word)) {
      word = this.#glance(slab);
      if (hasRoom(word, kind, capacity) && this.#reserve(slab, kind)) {
        this.#hints[hint] = slab;
        return this.#takeBit(slab, sizeClass);
      }
    }
    return undefined;
  }

  /**
   * Pins the slab of an offset that came from outside, if a taken object block starts there. A
   * pinned slab is not retired: until `unpin`, the block may be freed and become another object,
   * and nothing else.
   *
   * @returns `false` when there is no object, and nothing is pinned
   */
  pinObject(offset: number): boolean {
    for (;;) {
      const word = this.#objectsWord(offset);
      if (word === undefined) return false;
      const slab = Math.floor(offset / SLAB_BYTES);
      if (Atomics.compareExchange(this.#words, SLAB_TABLE / 4 + slab, word, word + 1) === word) {
        return true;
      }
    }
  }

  /** Undoes `pinObject`. */
  unpin(offset: number): void {
    Atomics.sub(this.#words, SLAB_TABLE / 4 + Math.floor(offset / SLAB_BYTES), 1);
  }

  /** Whether a taken object block starts at an offset that came from outside: so it was just now. */
  holdsObject(offset: number): boolean {
    return this.#objectsWord(offset) !== undefined;
  }

  /**
   * The slab's word, if a taken object block starts at the offset. By plain reads: who got the offset
   * from somebody who had the object sees what that one saw, and anything later may change at once.
   */
  #objectsWord(offset: number): number | undefined {
    const slab = Math.floor(offset / SLAB_BYTES);
    const committed = this.#words[HEADER.COMMITTED] as number;
    if (!Number.isInteger(offset) || slab < this.#first || slab >= committed) return undefined;
    const word = this.#glance(slab);
    if ((word & SMALL) === 0 || (word & OBJECTS) === 0) return undefined;
    const block = (offset - slab * SLAB_BYTES - FIRST_BLOCK) / sizeOf(word);
    if (!Number.isInteger(block) || block < 0) return undefined;
    const bits = this.#words[(slab * SLAB_BYTES) / 4 + (block >> 5)] as number;
    return (bits & (1 << (block & 31))) === 0 ? undefined : word;
  }

  /**
   * Gives a small block back. Needs no lock.
   *
   * @returns `false` when `offset` is not in a small slab
   * @throws Error when the block was not taken: two owners believed it was theirs
   */
  giveSmall(offset: number): boolean {
    const slab = Math.floor(offset / SLAB_BYTES);
    const word = this.#load(slab);
    if ((word & SMALL) === 0) return false;
    const block = (offset - slab * SLAB_BYTES - FIRST_BLOCK) / sizeOf(word);
    const bit = 1 << (block & 31);
    const before = Atomics.and(this.#words, (slab * SLAB_BYTES) / 4 + (block >> 5), ~bit);
    if ((before & bit) === 0) {
      throw new Error(`multiproc: block at ${offset} freed twice (slab word ${word})`);
    }
    // Only after the bit: `live` must never be lower than the number of set bits.
    Atomics.sub(this.#words, SLAB_TABLE / 4 + slab, 1);
    return true;
  }

  /** Turns a free, committed slab into one for small blocks. Caller holds the arena lock. */
  format(slab: number, length: number, isObject: boolean): void {
    this.#words.fill(0, (slab * SLAB_BYTES) / 4, (slab * SLAB_BYTES) / 4 + BITMAP_WORDS);
    // Publishes the empty bitmap to #reserve.
    this.#store(slab, SMALL | (classOf(length) << CLASS_SHIFT) | (isObject ? OBJECTS : 0));
  }

  /**
   * Looks for so many free slabs in a row. Caller holds the arena lock.
   *
   * @returns the first of them; when there are not enough, the free run at the end as
   *   `{ start }` with `found: false`, where growing would continue it
   */
  findRun(slabs: number): { start: number; found: boolean } {
    const end = this.committed;
    let start = this.#first;
    for (let slab = start; slab < end; ) {
      const word = this.#glance(slab);
      slab += lengthOf(word);
      // What is seen to be free stays so: only who holds the lock takes it.
      if (word !== FREE && word !== PUNCHED) start = slab;
      else if (slab - start === slabs) return { start, found: true };
    }
    return { start, found: false };
  }

  /** Whether pages of the run were given back, so that it must be committed again. */
  hasPunched(start: number, slabs: number): boolean {
    for (let slab = start; slab < start + slabs; slab++) {
      if (this.#load(slab) === PUNCHED) return true;
    }
    return false;
  }

  /** Takes a run for one large block. Caller holds the arena lock; the store commits. */
  takeLarge(start: number, slabs: number): void {
    this.#store(start, LARGE | slabs);
  }

  /**
   * Slabs of the large block that starts at `offset`.
   *
   * @throws Error when there is none: two owners believed it was theirs
   */
  largeLength(offset: number): number {
    const word = this.#load(Math.floor(offset / SLAB_BYTES));
    if ((word & LARGE) === 0 || offset % SLAB_BYTES !== 0) {
      throw new Error(`multiproc: block at ${offset} freed twice (slab word ${word})`);
    }
    return word & LENGTH_MASK;
  }

  /**
   * Gives a large block back. Needs no lock: the run is invisible until the last store.
   *
   * @param state - {@link FREE}, or {@link PUNCHED} when its pages are gone already
   */
  giveLarge(offset: number, state: number): void {
    const start = offset / SLAB_BYTES;
    const slabs = this.#load(start) & LENGTH_MASK;
    for (let slab = start + 1; slab < start + slabs; slab++) this.#store(slab, state);
    this.#store(start, state);
  }

  /** Turns small slabs without a block into free ones. Caller holds the arena lock. */
  retireEmpty(): void {
    const end = this.committed;
    for (let slab = this.#first; slab < end; slab += this.#lengthOf(slab)) {
      const word = this.#load(slab);
      // Compare-exchange and not a store: another agent may be raising `live` right now.
      if ((word & SMALL) !== 0 && (word & LIVE_MASK) === 0) {
        Atomics.compareExchange(this.#words, SLAB_TABLE / 4 + slab, word, FREE);
      }
    }
  }

  /** Free slabs whose pages are resident, as they seem to be; counts no further than `most`. */
  countResident(most: number): number {
    let resident = 0;
    const end = this.committed;
    for (let slab = this.#first, word = 0; slab < end && resident < most; slab += lengthOf(word)) {
      word = this.#glance(slab);
      if (word === FREE) resident++;
    }
    return resident;
  }

  /** Slabs that have memory and hold nothing, as it seems to be. */
  countFree(): number {
    let free = 0;
    const end = this.committed;
    for (let slab = this.#first, word = 0; slab < end; slab += lengthOf(word)) {
      word = this.#glance(slab);
      const isEmpty = (word & SMALL) !== 0 && (word & LIVE_MASK) === 0;
      if (isEmpty || word === FREE || word === PUNCHED) free++;
    }
    return free;
  }

  /** Bytes in blocks that are taken now. */
  countUsed(): number {
    let used = 0;
    const end = this.committed;
    for (let slab = this.#first; slab < end; slab += this.#lengthOf(slab)) {
      const word = this.#load(slab);
      if ((word & LARGE) !== 0) used += (word & LENGTH_MASK) * SLAB_BYTES;
      else if ((word & SMALL) !== 0) {
        used += (word & LIVE_MASK) * sizeOf(word);
      }
    }
    return used;
  }

  /** Raises `live` of a slab if it has this kind and room. */
  #reserve(slab: number, kind: number): boolean {
    const capacity = CAPACITY[(kind >> CLASS_SHIFT) & 31] as number;
    for (;;) {
      const word = this.#load(slab);
      if (!hasRoom(word, kind, capacity)) return false;
      if (Atomics.compareExchange(this.#words, SLAB_TABLE / 4 + slab, word, word + 1) === word) {
        return true;
      }
    }
  }

  /** Sets a free bit of a slab in which a block is reserved; loops because others do the same. */
  #takeBit(slab: number, sizeClass: number): number {
    const bitmap = (slab * SLAB_BYTES) / 4;
    const capacity = CAPACITY[sizeClass] as number;
    const end = (capacity + 31) >>> 5;
    // Near the last one found there is most likely another: in a full slab the search is long.
    for (
      let index = (this.#bits[sizeClass] as number) % end;
      ;
      index = index + 1 === end ? 0 : index + 1
    ) {
      for (;;) {
        const bits = Atomics.load(this.#words, bitmap + index);
        const block = index * 32 + 31 - Math.clz32(~bits & (bits + 1));
        if (bits === -1 || block >= capacity) break;
        const taken = bits | (1 << (block & 31));
        if (Atomics.compareExchange(this.#words, bitmap + index, bits, taken) === bits) {
          this.#bits[sizeClass] = index;
          return slab * SLAB_BYTES + FIRST_BLOCK + block * (CLASSES[sizeClass] as number);
        }
      }
    }
  }

  #lengthOf(slab: number): number {
    return lengthOf(this.#load(slab));
  }

  /**
   * A slab's word for a search through all slabs, in which atomic loads would take most of the time. It may
   * be out of date, which makes a search miss what has just become free.
   */
  #glance(slab: number): number {
    return this.#words[SLAB_TABLE / 4 + slab] as number;
  }

  #load(slab: number): number {
    return Atomics.load(this.#words, SLAB_TABLE / 4 + slab);
  }

  #store(slab: number, word: number): void {
    Atomics.store(this.#words, SLAB_TABLE / 4 + slab, word);
  }
}

/** How many slabs it is to the next word that counts. */
function lengthOf(word: number): number {
  return (word & LARGE) === 0 ? 1 : word & LENGTH_MASK;
}

/** Whether a slab with this word has the kind and a free block. */
function hasRoom(word: number, kind: number, capacity: number): boolean {
  const live = word & LIVE_MASK;
  return word - live === kind && live < capacity;
}

/** Block size of a SMALL slab's word. */
function sizeOf(word: number): number {
  return CLASSES[(word >> CLASS_SHIFT) & 31] as number;
}

/** Bytes that a small block of this length takes up. */
export function blockSize(length: number): number {
  return CLASSES[classOf(length)] as number;
}

function classOf(length: number): number {
  return CLASS_OF_STEPS[Math.ceil(length / 64)] as number;
}
