import type { AgentTable } from '../agents/agent-table.js';
import { SLOT } from '../agents/slot.js';
import type { Arena } from '../memory/arena.js';
import { freeOwned, OWNED } from './owned.js';

/**
 * A chunk of the list of objects that an agent refers to.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | NEXT | offset of the next older chunk, 0: none | the agent, before it publishes the chunk | |
 * | others | 0: unused | the agent | offset of an object whose COUNT it has raised |
 * | | offset of an object | the agent or its reaper, by compare-exchange | 0, and then COUNT - 1 |
 * | | any other owned word (`owned.ts`) | the same | 0, and then it is freed |
 *
 * A reference is counted before it is listed and unlisted before it is counted down: a kill in
 * between leaks it, and never frees a living object.
 */
const CHUNK_BYTES = 512;
const CHUNK_WORDS = CHUNK_BYTES / 4;
const NEXT = 0;

/** The references of the calling agent. */
export class References {
  readonly #arena: Arena;
  readonly #table: AgentTable;
  readonly #id: number;
  /** Indices of unused entries. */
  readonly #unused: number[] = [];

  /**
   * @param arena - where the list is kept
   * @param table - holds the head of the list
   * @param id - the agent
   */
  constructor(arena: Arena, table: AgentTable, id: number) {
    this.#arena = arena;
    this.#table = table;
    this.#id = id;
  }

  /**
   * Makes sure that the next `add` cannot fail, or the next few.
   *
   * @throws ArenaFullError
   */
  reserve(count = 1): void {
    if (this.#unused.length >= count) return;
    const chunk = this.#arena.allocate(CHUNK_BYTES);
    const { words } = this.#arena.memory;
    const index = chunk / 4;
    for (let entry = 1; entry < CHUNK_WORDS; entry++) {
      Atomics.store(words, index + entry, 0);
      this.#unused.push(index + CHUNK_WORDS - entry);
    }
    Atomics.store(words, index + NEXT, this.#table.get(this.#id, SLOT.REFERENCES));
    // Publishes the chunk to the reaper.
    this.#table.set(this.#id, SLOT.REFERENCES, chunk);
  }

  /**
   * Lists an object whose COUNT was raised for this agent, or another owned word.
   *
   * @returns the entry, for `drop`
   */
  add(offset: number): number {
    this.reserve();
    const entry = this.#unused.pop() as number;
    Atomics.store(this.#arena.memory.words, entry, offset);
    return entry;
  }

  /** Gives a listed reference back. */
  drop(entry: number, offset: number): void {
    const { words } = this.#arena.memory;
    if (Atomics.compareExchange(words, entry, offset, 0) !== offset) return;
    this.#unused.push(entry);
    freeListed(this.#arena, offset);
  }
}

/** Objects are listed by their bare offset. */
function freeListed(arena: Arena, listed: number): void {
  freeOwned(arena, (listed & 7) === 0 ? listed | OWNED.OBJECT : listed);
}

/**
 * Gives back every reference of an agent that has ended. May be done again by another reaper,
 * from any point at which this one died.
 */
export function releaseAll(arena: Arena, table: AgentTable, id: number): void {
  const { words } = arena.memory;
  for (;;) {
    const chunk = table.get(id, SLOT.REFERENCES);
    if (chunk === 0) return;
    const index = chunk / 4;
    for (let entry = index + 1; entry < index + CHUNK_WORDS; entry++) {
      const offset = Atomics.load(words, entry);
      if (offset === 0) continue;
      if (Atomics.compareExchange(words, entry, offset, 0) === offset) freeListed(arena, offset);
    }
    const next = Atomics.load(words, index + NEXT);
    if (table.exchange(id, SLOT.REFERENCES, chunk, next)) arena.free(chunk);
  }
}
