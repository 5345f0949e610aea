import { inspect } from 'node:util';
import { DisposedError, HandleError } from '../errors.js';
import { currentFamily, type Family } from '../family/family.js';
import type { Arena } from '../memory/arena.js';
import { detach } from '../memory/detach.js';
import type { MemoryRegion } from '../memory/memory.js';
import type { Handle } from './handle.js';
import {
  dataOf,
  extendObject,
  makeObject,
  type ObjectSpec,
  retain,
  retainNamed,
} from './object-header.js';
import { OBJECT_HEADER } from './object-layout.js';

const SHARED = Symbol.for('multiproc.shared');

/** Whether a value is a shared object, whichever copy of core made its class. */
export function isShared(value: object): value is SharedObject {
  return SHARED in value;
}

/** Leads the constructor of a shared class to an object that exists already. Made by core only. */
export class Attachment {
  /** Where the object lies. */
  readonly offset: number;
  /** Its serial. */
  readonly serial: number;

  /**
   * @param offset - where the object lies
   * @param serial - its serial; its COUNT has been raised for this agent
   */
  constructor(offset: number, serial: number) {
    this.offset = offset;
    this.serial = serial;
  }
}

/** What a finalizer needs to give a reference back; must not refer to the object. */
interface Held {
  readonly family: Family;
  readonly offset: number;
  readonly serial: number;
  readonly entry: number;
  /** Whether this agent still uses the shared object; must not refer to this one either. */
  isInUse: (() => boolean) | undefined;
}

/** What is in use is not given back: it is taken back when this agent ends. */
const finalizers = new FinalizationRegistry<Held>((held) => {
  if (!held.isInUse?.()) letGo(held);
});

function letGo({ family, offset, serial, entry }: Held, object?: SharedObject): void {
  family.objects.forget(offset, serial, object);
  family.references.drop(entry, offset);
}

/**
 * Base of every object that the agents of a family share. The JavaScript object has no state of
 * its own but what belongs to this agent; everything shared is in the arena.
 *
 * In one agent there is at most one JavaScript object for each shared one. The shared object
 * lives as long as any agent, or any value on its way between agents, refers to it.
 */
export abstract class SharedObject {
  /** Index of the first word of the content. */
  protected readonly content: number;
  /** Byte offset of the data, 0 when the type has none. */
  protected readonly dataOffset: number;
  readonly #type: string;
  readonly #held: Held;
  #lent: MemoryRegion | undefined;
  #isDisposed = false;

  /**
   * @param spec - the type and content of a new object
   * @param source - the existing object, or what another copy of the class has made of it; left
   *   out: a new one is made
   * @throws HandleError when the object of another copy is disposed at this moment
   */
  protected constructor(spec: ObjectSpec, source: Attachment | SharedObject | undefined) {
    forbidCloning(this, spec.type);
    this.#type = spec.type;
    const family = currentFamily();
    const { arena, references, objects } = family;
    // First, because it is what can fail: nothing has to be undone then.
    references.reserve();
    const { offset, serial } = source ? placeOf(arena, source) : makeObject(arena, spec);
    const entry = references.add(offset);
    this.#held = { family, offset, serial, entry, isInUse: undefined };
    this.content = (offset + OBJECT_HEADER) / 4;
    this.dataOffset = dataOf(arena, offset);
    objects.remember(offset, serial, this);
    finalizers.register(this, this.#held, this.#held);
  }

  /** The family that owns the object. */
  protected get family(): Family {
    return this.#held.family;
  }

  /**
   * Plain data that names this object, to be sent by any means and turned back with `from`. It
   * does not keep the object alive: until the receiver has called `from`, this agent must.
   */
  get handle(): Handle {
    this.checkUsable();
    const { offset, serial } = this.#held;
    return { family: this.family.id, type: this.#type, offset, serial };
  }

  /** The handle, so that JSON carries shared objects too. */
  toJSON(): Handle {
    return this.handle;
  }

  /**
   * Gives up this agent's reference. The object is freed when nobody else has one.
   *
   * @throws DisposedError when this agent still uses the object, for example holds the lock
   */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    const use = this.use();
    if (use !== undefined) throw new DisposedError(`this ${this.#type} cannot be disposed: ${use}`);
    this.#isDisposed = true;
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent && !detach(lent.buffer)) {
      const { offset, serial } = this.#held;
      this.family.objects.forget(offset, serial, this);
      return;
    }
    finalizers.unregister(this.#held);
    letGo(this.#held, this);
  }

  /**
   * Keeps the shared object while this agent uses it, though nothing refers to this one any more.
   *
   * @param isInUse - asked when this object has been collected; must not refer to it
   */
  protected keepWhile(isInUse: () => boolean): void {
    this.#held.isInUse = isInUse;
  }

  /** Says what this agent uses the object for right now, if anything that forbids disposal. */
  protected abstract use(): string | undefined;

  /** Says what inspection shows of the state, for example `value: 2`; `undefined`: nothing. */
  protected describe(): string | undefined {
    return undefined;
  }

  /**
   * Where the user's typed arrays over the data are to be made: the same buffer each time. The
   * object lives while the buffer has a view. Disposing the object detaches the buffer; in thread
   * memory that cannot be done, and the reference is given up when the last view is collected.
   *
   * @param length - of the data in bytes
   */
  protected lend(length: number): MemoryRegion {
    this.checkUsable();
    if (!this.#lent) {
      this.#lent = this.family.memory.region(this.dataOffset, length);
      // This object keeps the buffer, and each view does: so the buffer goes last.
      finalizers.unregister(this.#held);
      finalizers.register(this.#lent.buffer, this.#held, this.#held);
    }
    return this.#lent;
  }

  /**
   * Keeps the shared object alive beyond the disposal of this one: for what lasts longer and still
   * touches its words.
   *
   * @returns to be called once, when that is over
   * @throws ArenaFullError
   */
  protected keep(): () => void {
    const { arena, references } = this.family;
    const { offset, serial } = this.#held;
    references.reserve();
    retain(arena, offset, serial);
    const entry = references.add(offset);
    return () => references.drop(entry, offset);
  }

  /**
   * Adds words to an object without data, which live as long as it. One agent may do so at a time.
   *
   * @param bytes - how many bytes, all zero at first
   * @returns index of the first word
   * @throws ArenaFullError
   */
  protected extend(bytes: number): number {
    return extendObject(this.family.arena, this.#held.offset, bytes);
  }

  /**
   * Refuses a disposed object; called first by every method that touches shared memory.
   *
   * @throws DisposedError
   */
  protected checkUsable(): void {
    if (this.#isDisposed) throw new DisposedError(`this ${this.#type} has been disposed`);
  }

  /** @internal */
  get [SHARED](): true {
    return true;
  }

  /** @internal */
  [inspect.custom](): string {
    const state = this.#isDisposed ? 'disposed' : this.describe();
    const shown = state === undefined ? '' : `${state}, `;
    return `${this.#type} { ${shown}offset: ${this.#held.offset}, serial: ${this.#held.serial} }`;
  }
}

/**
 * Structured clone, which `postMessage` uses too, would copy the whole memory, or nothing but an
 * empty object. It reads own properties first to last, and what it cannot clone it names: so the
 * first property is the advice.
 */
function forbidCloning(object: SharedObject, type: string): void {
  const advice = `a ${type} is not cloned: send its handle, and call ${type}.from(handle) there`;
  Object.defineProperty(object, 'notCloneable', { value: Symbol(advice), enumerable: true });
}

/**
 * Where an object lies. A second copy of the class gets the named object of the first, which is
 * not one of its own, and makes its own of the same place.
 */
function placeOf(arena: Arena, source: Attachment | SharedObject): Attachment {
  if (!isShared(source)) return source;
  const { type, offset, serial } = source.handle;
  if (retainNamed(arena, offset, serial)) return new Attachment(offset, serial);
  throw new HandleError(`${type} at ${offset} has been freed by another thread: ask for it again`);
}
