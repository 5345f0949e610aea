import type { Agent } from '../agents/agent.js';
import type { Arena } from '../memory/arena.js';
import { HEADER } from '../memory/layout.js';
import { MutexWord } from '../waiting/mutex-word.js';
import { withMutex } from '../waiting/with-mutex.js';
import { retainNamed, typeCode } from './object-header.js';
import { OBJECT } from './object-layout.js';
import { release } from './owned.js';

/**
 * The objects of the family that have a name: a list of blocks from NAMES in the header.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | NEXT | offset of the next entry, 0: none | holder of NAMES_LOCK; the store links or unlinks an entry |
 * | OFFSET, SERIAL | the object; the entry is void when another serial is found there | filled before it is linked |
 * | TYPE | `typeCode` of its type | filled before it is linked |
 * | LENGTH | of the name in UTF-16 units, which follow | filled before it is linked |
 *
 * A name does not keep its object alive. Void entries are freed by whoever looks for a name.
 */
const NEXT = 0;
const OFFSET = 1;
const SERIAL = 2;
const TYPE = 3;
const LENGTH = 4;
const TEXT = 5;

/** An object found or made by name; COUNT has been raised for the caller. */
export interface NamedObject {
  readonly offset: number;
  readonly serial: number;
}

/** The names of a family. */
export class Names {
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #lock: MutexWord;

  /**
   * @param arena - where names and objects are
   * @param agent - the calling agent
   */
  constructor(arena: Arena, agent: Agent) {
    this.#arena = arena;
    this.#agent = agent;
    this.#words = arena.memory.words;
    this.#lock = new MutexWord(arena.memory, HEADER.NAMES_LOCK, agent);
  }

  /**
   * Finds the object with this name and type, or makes it. Of several agents that ask at the same
   * time, one makes it.
   *
   * @param make - makes the object and publishes it, with one reference for the caller
   * @throws ArenaFullError
   */
  open(name: string, type: string, make: () => NamedObject): NamedObject {
    return withMutex(this.#agent, this.#lock, () => {
      return this.#find(name, typeCode(type)) ?? this.#add(name, type, make);
    });
  }

  /** Finds the object with this name and type. */
  find(name: string, type: string): NamedObject | undefined {
    return withMutex(this.#agent, this.#lock, () => this.#find(name, typeCode(type)));
  }

  /**
   * Makes an object under a name that no other object of its type has.
   *
   * @param make - makes the object and publishes it, with one reference for the caller
   * @returns the object; `undefined` when the name is taken
   * @throws ArenaFullError
   */
  make(name: string, type: string, make: () => NamedObject): NamedObject | undefined {
    return withMutex(this.#agent, this.#lock, () => {
      const found = this.#find(name, typeCode(type));
      if (!found) return this.#add(name, type, make);
      release(this.#arena, found.offset);
      return undefined;
    });
  }

  /**
   * Takes an object's name away; the object lives on.
   *
   * @returns `false` when it does not have this name
   */
  unlink(name: string, { offset, serial }: NamedObject): boolean {
    return withMutex(this.#agent, this.#lock, () => {
      let link = HEADER.NAMES as number;
      for (;;) {
        const entry = Atomics.load(this.#words, link);
        if (entry === 0) return false;
        const index = entry / 4;
        const isMeant =
          this.#words[index + OFFSET] === offset && this.#words[index + SERIAL] === serial;
        if (isMeant && this.#isNamed(index, name)) {
          Atomics.store(this.#words, link, this.#words[index + NEXT] as number);
          this.#arena.free(entry);
          return true;
        }
        link = index + NEXT;
      }
    });
  }

  #add(name: string, type: string, make: () => NamedObject): NamedObject {
    // First, because it is what can fail besides `make`: an object without its name leaks.
    const entry = this.#arena.allocate((TEXT + Math.ceil(name.length / 2)) * 4);
    const made = this.#fill(entry, name, type, make);
    // Publishes the entry to whoever holds the lock next.
    Atomics.store(this.#words, HEADER.NAMES, entry);
    return made;
  }

  #fill(entry: number, name: string, type: string, make: () => NamedObject): NamedObject {
    let made: NamedObject;
    try {
      made = make();
    } catch (error) {
      this.#arena.free(entry);
      throw error;
    }
    const index = entry / 4;
    this.#words[index + NEXT] = Atomics.load(this.#words, HEADER.NAMES);
    this.#words[index + OFFSET] = made.offset;
    this.#words[index + SERIAL] = made.serial;
    this.#words[index + TYPE] = typeCode(type);
    this.#words[index + LENGTH] = name.length;
    const units = this.#units(index);
    for (let unit = 0; unit < name.length; unit++) units[unit] = name.charCodeAt(unit);
    return made;
  }

  #find(name: string, type: number): NamedObject | undefined {
    let link = HEADER.NAMES as number;
    for (;;) {
      const entry = Atomics.load(this.#words, link);
      if (entry === 0) return undefined;
      const index = entry / 4;
      const offset = this.#words[index + OFFSET] as number;
      const serial = this.#words[index + SERIAL] as number;
      if (!this.#exists(offset, serial)) {
        Atomics.store(this.#words, link, this.#words[index + NEXT] as number);
        this.#arena.free(entry);
        continue;
      }
      const isMeant = this.#words[index + TYPE] === type && this.#isNamed(index, name);
      if (isMeant && retainNamed(this.#arena, offset, serial)) return { offset, serial };
      link = index + NEXT;
    }
  }

  #exists(offset: number, serial: number): boolean {
    const index = offset / 4 + OBJECT.SERIAL;
    return this.#arena.holdsObject(offset) && Atomics.load(this.#words, index) === serial;
  }

  #isNamed(index: number, name: string): boolean {
    if (this.#words[index + LENGTH] !== name.length) return false;
    const units = this.#units(index);
    for (let unit = 0; unit < name.length; unit++) {
      if (units[unit] !== name.charCodeAt(unit)) return false;
    }
    return true;
  }

  #units(index: number): Uint16Array {
    const length = this.#words[index + LENGTH] as number;
    return new Uint16Array(this.#words.buffer, (index + TEXT) * 4, length);
  }
}
