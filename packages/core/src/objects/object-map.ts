import type { SharedObject } from './shared-object.js';

/** The JavaScript objects of one agent by what they stand for, held weakly. */
export class ObjectMap {
  readonly #objects = new Map<number, { serial: number; object: WeakRef<SharedObject> }>();

  /** The object for this block, if this agent has one. */
  find(offset: number, serial: number): SharedObject | undefined {
    const entry = this.#objects.get(offset);
    return entry?.serial === serial ? entry.object.deref() : undefined;
  }

  /** Keeps an object findable. */
  remember(offset: number, serial: number, object: SharedObject): void {
    this.#objects.set(offset, { serial, object: new WeakRef(object) });
  }

  /**
   * Forgets an object that was disposed or collected, unless the block has another one by now:
   * a finalizer may run after the same block was attached to again.
   *
   * @param object - the disposed object; left out: a collected one
   */
  forget(offset: number, serial: number, object?: SharedObject): void {
    const entry = this.#objects.get(offset);
    if (entry?.serial !== serial) return;
    if (entry.object.deref() === object) this.#objects.delete(offset);
  }
}
