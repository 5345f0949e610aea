import { ArgumentTypeError, decode, importModule, modulesOf } from '@multiproc/core';

type Action = () => unknown;

/** The action of a barrier, as module and export name; each agent imports it when it first waits. */
export class BarrierAction {
  readonly #encoded: Uint8Array;
  #action: Action | undefined;

  /** @param encoded - the encoded function, in memory that stays as it is */
  constructor(encoded: Uint8Array) {
    this.#encoded = encoded;
  }

  /**
   * Gets ready to run; may import the action's module.
   *
   * @throws what the module's evaluation throws; DecodeError when it lacks the export
   */
  async load(): Promise<void> {
    try {
      this.loadSync();
      return;
    } catch {
      // Its module is missing here. It is imported only then: one that awaits this very barrier at
      // its top level would wait for itself.
    }
    await Promise.all(modulesOf(this.#encoded).map(importModule));
    this.loadSync();
  }

  /** The same, for a module that is imported already or that `require` can load. */
  loadSync(): void {
    this.#action ??= decode(this.#encoded) as Action;
  }

  /** Calls the action, which has been loaded; what it returns may be a promise. */
  run(): unknown {
    return (this.#action as Action)();
  }

  /**
   * Calls the action for a party that cannot await.
   *
   * @throws ArgumentTypeError when it returns a promise
   */
  runSync(): void {
    const result = this.run();
    if (!(result instanceof Promise)) return;
    // Nobody awaits it any more; that it was asynchronous is what is reported.
    result.catch(() => undefined);
    const expected = 'a function that returns no promise, because a party called waitSync()';
    throw new ArgumentTypeError('options.action', expected, result);
  }
}
