import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { testMark } from '../test-mark.js';
import { remember } from './reap-all.js';
import { type Exit, Spawned } from './spawned.js';

/** How long descendants may hold the pipes open before a program that has ended counts as such. */
const GRACE = 500;

/** Options of {@link spawnProgram}. */
export interface ProgramOptions {
  /** Variables beside those of this process; `undefined` removes one. */
  readonly env?: NodeJS.ProcessEnv;
  /** Options of Node, before the file. */
  readonly execArgv?: readonly string[];
  /** The Node to run. Default: this one. */
  readonly execPath?: string;
  /** Working directory. */
  readonly cwd?: string | URL;
  /** Whether it leads a process group of its own, for `process.kill(-pid)`. */
  readonly detached?: boolean;
}

/** A Node program under test. */
export class SpawnedProgram extends Spawned {
  /** The process. */
  readonly child: ChildProcess;

  /** @param child - started with pipes */
  constructor(child: ChildProcess) {
    const closed = new Promise((resolve) => child.on('close', resolve));
    super(child.stdout as Readable, child.stderr as Readable, endOf(child, closed), closed);
    this.child = child;
  }

  /** Process id. */
  get pid(): number {
    return this.child.pid as number;
  }

  override kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Writes to its stdin. */
  write(text: string): void {
    this.child.stdin?.write(text);
  }
}

/**
 * Starts a Node program that a test can watch and kill.
 *
 * @param file - the program
 * @param args - its arguments
 * @param options - environment, options of Node
 *
 * @example
 * ```ts
 * import { spawnProgram } from '@multiproc/testing';
 *
 * const program = spawnProgram(new URL('./fixtures/holder.js', import.meta.url), ['10']);
 * await program.line('holds the lock');
 * console.log((await program.kill('SIGKILL')).signal); // → SIGKILL
 * ```
 */
export function spawnProgram(
  file: string | URL,
  args: readonly string[] = [],
  options: ProgramOptions = {},
): SpawnedProgram {
  testMark();
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const child = spawn(
    options.execPath ?? process.execPath,
    [...(options.execArgv ?? []), path, ...args],
    {
      env: { ...process.env, ...options.env },
      stdio: 'pipe',
      detached: options.detached ?? false,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    },
  );
  const program = new SpawnedProgram(child);
  remember(program);
  return program;
}

/**
 * Timers come before reading: where this process was held up for as long as the grace period, all
 * that the program has written may still lie in its pipes. Between two immediates they are read.
 */
async function readWhatIsThere(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function endOf(
  child: ChildProcess,
  closed: Promise<unknown>,
): Promise<Pick<Exit, 'code' | 'signal' | 'error'>> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
    // `exit` and not `close` decides: a grandchild may hold the pipes open for longer.
    child.on('exit', (code, signal) => {
      const end = { code, signal, error: undefined };
      const grace = new Promise((done) => setTimeout(done, GRACE).unref()).then(readWhatIsThere);
      void Promise.race([closed, grace]).then(() => resolve(end));
    });
  });
}
