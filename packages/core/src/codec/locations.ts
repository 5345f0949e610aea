import type { CodecContext, Location } from './types.js';

/** Where functions and classes are exported, looked up once each. */
export class Locations {
  readonly #context: CodecContext;
  readonly #known = new WeakMap<Function, Location>();
  /** Classes without an export: looking again for every instance would cost too much. */
  readonly #unexported = new WeakSet<Function>();

  constructor(context: CodecContext) {
    this.#context = context;
  }

  /** Throws `NotExportedError` with the reason. */
  of(fn: Function): Location {
    let location = this.#known.get(fn);
    if (location === undefined) {
      location = this.#context.locate(fn);
      this.#known.set(fn, location);
    }
    return location;
  }

  /** `undefined` when a class has no export, so that it travels by its registered name. */
  ofClass(cls: Function): Location | undefined {
    if (this.#unexported.has(cls)) return undefined;
    try {
      return this.of(cls);
    } catch {
      this.#unexported.add(cls);
      return undefined;
    }
  }
}
