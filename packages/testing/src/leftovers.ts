import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MARK_VARIABLE, testMark } from './test-mark.js';

/** What {@link Leftovers} looks for. */
export interface LeftoversOptions {
  /** How names of our memory and files begin. Default `multiproc`. */
  readonly prefix?: string;
}

/**
 * Finds what a test leaves behind: processes, anonymous memory files, files in the temporary
 * folder and in shared memory. What was there when it was made does not count.
 *
 * A process counts when it is a child of this one, or when it inherited this process's mark in
 * its environment; so orphans of killed children are found too. Processes and memory files are
 * read from `/proc`, on other systems than Linux only files are found.
 *
 * @example
 * ```ts
 * import { eventually, Leftovers } from '@multiproc/testing';
 *
 * const leftovers = new Leftovers();
 * await theTest();
 * await eventually(() => leftovers.list().length === 0, 5000, 'everything is cleaned up');
 * console.log(leftovers.list()); // → []
 * ```
 */
export class Leftovers {
  readonly #prefix: string;
  readonly #mark: string;
  readonly #before: ReadonlySet<string>;

  /** @param options - how our names begin */
  constructor(options: LeftoversOptions = {}) {
    this.#prefix = options.prefix ?? 'multiproc';
    this.#mark = testMark();
    this.#before = new Set(this.#all());
  }

  /**
   * What is there now and was not there before.
   *
   * @returns one line for each, for example `process 4711: node holder.js`; empty when all is clean
   */
  list(): string[] {
    return this.#all().filter((one) => !this.#before.has(one));
  }

  #all(): string[] {
    const folders = new Set([tmpdir(), '/dev/shm']);
    const files = [...folders].flatMap((folder) =>
      list(folder)
        .filter((name) => name.startsWith(this.#prefix))
        .map((name) => `file ${join(folder, name)}`),
    );
    return [...this.#processes(), ...this.#memories(), ...files];
  }

  #processes(): string[] {
    return list('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((pid) => this.#isOurs(pid))
      .map((pid) => `process ${pid}: ${commandOf(pid)}`);
  }

  #isOurs(pid: string): boolean {
    // The name in the second field may contain anything; fields are counted after its bracket.
    const stat = read(`/proc/${pid}/stat`);
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (Number(parent) === process.pid) return true;
    return read(`/proc/${pid}/environ`).split('\0').includes(`${MARK_VARIABLE}=${this.#mark}`);
  }

  #memories(): string[] {
    return list('/proc/self/fd')
      .map((fd) => ({ fd, target: linkOf(`/proc/self/fd/${fd}`) }))
      .filter(({ target }) => target.startsWith(`/memfd:${this.#prefix}`))
      .map(({ fd, target }) => `descriptor ${fd}: ${target}`);
  }
}

/** Shows a zombie as such: its parent has not asked for its exit code. */
function commandOf(pid: string): string {
  const command = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  return command === '' ? '(zombie)' : command;
}

function list(folder: string): string[] {
  return orElse(() => readdirSync(folder), []);
}

function read(file: string): string {
  return orElse(() => readFileSync(file, 'latin1'), '');
}

function linkOf(path: string): string {
  return orElse(() => readlinkSync(path), '');
}

/** What is listed may be gone when it is read, or belong to somebody else. */
function orElse<Value>(look: () => Value, fallback: Value): Value {
  try {
    return look();
  } catch {
    return fallback;
  }
}
