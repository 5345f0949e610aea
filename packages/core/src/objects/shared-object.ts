import { inspect } from 'node:util';
import { ArgumentTypeError, checkOptions } from '../arguments.js';
import { DisposedError, HandleError } from '../errors.js';
import { currentFamily, type Family } from '../family/family.js';
import { detach } from '../memory/detach.js';
import type { MemoryRegion } from '../memory/memory.js';
import { checkHandle, type Handle } from './handle.js';
import {
  dataOf,
  extendObject,
  makeObject,
  type ObjectSpec,
  retainNamed,
  typeCode,
} from './object-header.js';
import { OBJECT, OBJECT_HEADER } from './object-layout.js';
import { release } from './owned.js';
import { typeNamed } from './types.js';

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
}

const finalizers = new FinalizationRegistry<Held>((held) => letGo(held));

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
  /** The family that owns the object. */
  protected readonly family: Family;
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
   * @param attachment - the existing object; left out: a new one is made
   */
  protected constructor(spec: ObjectSpec, attachment: Attachment | undefined) {
    this.#type = spec.type;
    this.family = currentFamily();
    const { arena, references, objects } = this.family;
    // First, because it is what can fail: nothing has to be undone then.
    references.reserve();
    const { offset, serial } = attachment ?? makeObject(arena, spec);
    const entry = references.add(offset);
    this.#held = { family: this.family, offset, serial, entry };
    this.content = (offset + OBJECT_HEADER) / 4;
    this.dataOffset = dataOf(arena, offset);
    objects.remember(offset, serial, this);
    finalizers.register(this, this.#held, this.#held);
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

/** Options of every constructor of a shared type. */
export interface NameOptions {
  /**
   * Name of the object in the family. Whoever asks for the same name and type gets the same
   * object while anybody refers to it; the other options count for the one who makes it. Left out:
   * a new object without a name.
   */
  name?: string | undefined;
}

/**
 * What a constructor is to work with, found out before `super` is called:
 *
 * - a shared object: this agent has the named one already, and the constructor returns that;
 * - an attachment, for `super`: the object exists, or was made under its name just now;
 * - `undefined`: a new object without a name.
 *
 * @param spec - the type and content of a new object
 * @param options - what the constructor was given
 * @throws ArgumentTypeError for options that are no object or a name that is no string
 * @throws ArenaFullError
 */
export function openObject(
  spec: ObjectSpec,
  options: NameOptions | Attachment,
): SharedObject | Attachment | undefined {
  if (options instanceof Attachment) return options;
  checkOptions(options);
  const { name } = options;
  if (name === undefined) return undefined;
  if (typeof name !== 'string') throw new ArgumentTypeError('options.name', 'a string', name);
  const { arena, names, objects, references } = currentFamily();
  references.reserve();
  const { offset, serial } = names.open(name, spec.type, () => makeObject(arena, spec));
  const known = objects.find(offset, serial);
  if (!known) return new Attachment(offset, serial);
  release(arena, offset);
  return known;
}

/**
 * Turns a handle into the object it names: the same JavaScript object each time.
 *
 * @param handle - a `handle` of this family
 * @param type - the type that the caller expects; left out: any
 * @returns the shared object
 * @throws ArgumentTypeError when it is no handle
 * @throws HandleError when it belongs to another family, is of another type, or its object is gone
 */
export function attach(handle: unknown, type?: string): SharedObject {
  checkHandle(handle);
  const family = currentFamily();
  const named = `${handle.type} at ${handle.offset}`;
  if (handle.family !== family.id) {
    throw new HandleError(
      `${named} belongs to family ${handle.family}, but this thread to ${family.id}: handles ` +
        'reach only the processes and threads that were started from the same root process',
    );
  }
  if (type !== undefined && handle.type !== type) {
    throw new HandleError(`${named} is a ${handle.type}, where a ${type} is expected`);
  }
  return attachTo(family, handle, named);
}

function attachTo(family: Family, handle: Handle, named: string): SharedObject {
  const { offset, serial } = handle;
  const known = family.objects.find(offset, serial);
  if (known?.handle.type === handle.type) return known;
  const registered = typeNamed(handle.type);
  if (!registered) {
    throw new HandleError(
      `${named} is of a type that is not known here: import the package that defines it first`,
    );
  }
  const { arena, references } = family;
  references.reserve();
  if (!retainNamed(arena, offset, serial)) {
    throw new HandleError(
      `${named} has been freed: nobody referred to it any more. A handle does not keep its object ` +
        'alive; send the object itself as an argument or item, or hold it until it has arrived',
    );
  }
  if (Atomics.load(arena.memory.words, offset / 4 + OBJECT.TYPE) !== typeCode(handle.type)) {
    release(arena, offset);
    throw new HandleError(`${named} is not a ${handle.type}: the handle has been altered`);
  }
  return new registered.shared(new Attachment(offset, serial));
}
