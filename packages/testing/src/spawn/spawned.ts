import type { Readable } from 'node:stream';

/** How a thread or program ended. */
export interface Exit {
  /** Exit code; `null` when a signal ended it. */
  readonly code: number | null;
  /** Signal that ended it; always `null` for a thread. */
  readonly signal: NodeJS.Signals | null;
  /** What a thread threw and did not catch; a program prints it to stderr instead. */
  readonly error: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

interface LineWaiter {
  readonly matches: (line: string) => boolean;
  readonly what: string;
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** A thread or program under test: collects its output, and says when it ends. */
export abstract class Spawned {
  /** Resolves when it has ended and all its output has come. Never rejects. */
  readonly exited: Promise<Exit>;
  /** How it ended, `undefined` while it runs. */
  exit: Exit | undefined;
  #stdout = '';
  #stderr = '';
  #partial = '';
  readonly #lines: string[] = [];
  #waiters: LineWaiter[] = [];
  #isSilent = false;

  /**
   * @param stdout - its output
   * @param stderr - its errors
   * @param ended - how it ended; resolves when all that it wrote itself has come
   * @param silent - resolves when no line can come any more, from its descendants neither
   */
  constructor(
    stdout: Readable,
    stderr: Readable,
    ended: Promise<Pick<Exit, 'code' | 'signal' | 'error'>>,
    silent: Promise<unknown> = ended,
  ) {
    stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.exited = ended.then((end) => {
      this.exit = { ...end, stdout: this.#stdout, stderr: this.#stderr };
      return this.exit;
    });
    void Promise.all([this.exited, silent]).then(() => {
      this.#isSilent = true;
      for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#missing(waiter.what));
    });
  }

  /** What it has printed so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** What it has printed to stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /**
   * Waits for a line of stdout; lines that have come already count, and so do those of descendants
   * that outlive it: while one of them could still print, this waits.
   *
   * @param text - part of the line, or a pattern
   * @returns the whole line
   * @throws `Error` with all its output when that ends without the line
   */
  line(text: string | RegExp): Promise<string> {
    const matches = (line: string) =>
      typeof text === 'string' ? line.includes(text) : line.search(text) >= 0;
    const known = this.#lines.find(matches);
    if (known !== undefined) return Promise.resolve(known);
    if (this.#isSilent) return Promise.reject(this.#missing(String(text)));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ matches, what: String(text), resolve, reject });
    });
  }

  /**
   * Ends it at once.
   *
   * @returns how it ended
   */
  abstract kill(signal?: NodeJS.Signals): Promise<Exit>;

  #take(text: string): void {
    this.#stdout += text;
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() as string;
    for (const line of lines) {
      this.#lines.push(line);
      const met = this.#waiters.filter((waiter) => waiter.matches(line));
      this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
      for (const waiter of met) waiter.resolve(line);
    }
  }

  #missing(what: string): Error {
    const { code, signal, error } = this.exit as Exit;
    const end = `${signal ?? `code ${code}`}${error ? `, ${String(error)}` : ''}`;
    return new Error(
      `ended (${end}) without the line '${what}'\nstdout:\n${this.#stdout}\nstderr:\n${this.#stderr}`,
    );
  }
}
