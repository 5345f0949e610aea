/** Node's code for a top-level `await` that never settles; here, a target's promise too. */
const UNSETTLED = 13;

/**
 * Reports a child whose event loop runs dry while it still awaits something: Node would end it
 * with code 0 and without a word.
 */
export class DrainWatch {
  /** URL of the module that is being imported; `undefined` while the target runs. */
  importing: string | undefined;
  readonly #name: string;
  #isDrained = false;

  readonly #onDrain = (): void => {
    this.#isDrained = true;
  };

  readonly #onExit = (): void => {
    if (!this.#isDrained || process.exitCode !== undefined) return;
    process.exitCode = UNSETTLED;
    process.stderr.write(`${this.#name} ended ${this.#complaint()}\n`);
  };

  /** @param name - of the process, for the message */
  constructor(name: string) {
    this.#name = name;
    process.once('beforeExit', this.#onDrain);
    process.once('exit', this.#onExit);
  }

  /** Ends the watch: from here on an empty event loop is a normal end. */
  stop(): void {
    process.off('beforeExit', this.#onDrain);
    process.off('exit', this.#onExit);
  }

  #complaint(): string {
    if (this.importing === undefined) {
      return (
        'although its target had not: nothing was left that could settle the promise that the ' +
        'target returned'
      );
    }
    return (
      `before its target was called: the import of ${this.importing} never finished, because ` +
      'nothing was left that could settle its top-level await, or that of a module it imports. ' +
      'Await something that settles, or move the await into the target'
    );
  }
}
