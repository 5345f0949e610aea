import { inspect } from 'node:util';
import type { ResourceLimits } from 'node:worker_threads';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkOptions,
  type Exportable,
  type WaitOptions,
} from '@multiproc/core';
import { activeChildren, addActive, removeActive } from './active-children.js';
import { checkDaemon, checkName, checkProcessOptions, readTask } from './check-options.js';
import { describe } from './describe.js';
import { BootstrapError, ProcessStateError } from './errors.js';
import { ownSelf, shareSelf } from './own-self.js';
import { type AnyFunction, childOf, openState, setState, stateOf } from './process-state.js';
import type { StartMethod } from './self.js';
import { Sentinel } from './sentinel.js';
import { startChild } from './start.js';

/** How long `terminate` waits before it kills, in milliseconds. */
const DEFAULT_GRACE = 5000;

/** Where core's codec finds why an object cannot travel. */
const REFUSAL = Symbol.for('multiproc.refusal');

/** Names a target without importing it. */
export interface TargetReference {
  /** Absolute URL or path of the module, for example `new URL('./work.js', import.meta.url)`. */
  readonly module: string | URL;
  /** Name of the export; `default` when left out. */
  readonly name?: string | undefined;
}

/** Options of {@link Process}. */
export interface ProcessOptions {
  /**
   * What the child runs: a function that some module exports, or where it finds one. A promise
   * that it returns is awaited. Left out: nothing, or the `run` of a subclass.
   */
  target?: AnyFunction | TargetReference | null | undefined;
  /** Arguments of the target: an array or another iterable. */
  args?: Iterable<unknown> | undefined;
  /** Named arguments: an object that the target gets as its last argument. */
  kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** A label, which need not be unique. Left out: `Process-1`, in a child of it `Process-1:1`. */
  name?: string | undefined;
  /** Whether the child ends with this process. Left out or `null`: as this process itself. */
  daemon?: boolean | null | undefined;
  /** Left out: the default, see `getStartMethod`. */
  startMethod?: StartMethod | undefined;
  /** Environment variables of the child. Left out: those of this process. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Options of Node for the child, such as `--max-old-space-size`. Left out: those of this process. */
  execArgv?: readonly string[] | undefined;
  /**
   * Limits of the child's heap in megabytes, as `new Worker()` takes them; `codeRangeSizeMb` counts
   * for threads only. Left out: those of Node.
   */
  resourceLimits?: ResourceLimits | undefined;
}

/** Options of `terminate`. */
export interface TerminateOptions {
  /** After so many milliseconds a child that still runs is killed; 5000 when left out. */
  grace?: number | undefined;
}

/**
 * A process, or a worker thread that behaves like one.
 *
 * The target, or the class of an instance with a `run` of its own, is found in the child by module
 * and export; arguments and the instance's own properties are copied, and shared objects among
 * them stay shared. Private fields (`#x`) of a subclass do not travel, and its constructor does
 * not run in the child.
 *
 * The child lives until its target has returned and nothing keeps its event loop alive. A parent
 * stays until its children that are not daemons have ended, unless it calls `process.exit()` or
 * an uncaught error ends it: then such processes go on alone, as those of a killed parent do, and
 * threads end with it. Only the thread that made a `Process` can start, wait for or end it.
 *
 * Python counterpart: `multiprocessing.Process`; there a parent waits for its children also after
 * `sys.exit()` and after an uncaught error.
 *
 * @example
 * ```ts
 * import { isMainProcess, Process } from '@multiproc/process';
 *
 * export function greet(name: string) {
 *   console.log(`hello ${name}`);
 * }
 *
 * if (isMainProcess()) {
 *   const process = new Process({ target: greet, args: ['world'] });
 *   process.start();
 *   await process.join(); // prints: hello world
 *   console.log(process.exitCode); // → 0
 * }
 * ```
 */
export class Process {
  /**
   * Prepares a process. Nothing runs before `start()`.
   *
   * @param options - what it runs, and how
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`),
   * naming the option; StartMethodError (`ERR_START_METHOD`) for an unknown start method
   */
  constructor(options: ProcessOptions = {}) {
    checkProcessOptions(options);
    const task = readTask(options);
    const self = ownSelf();
    const lineage = [...self.lineage, ++self.children];
    const { startMethod, env, execArgv, resourceLimits } = options;
    setState(this, {
      facts: {
        name: options.name ?? `${this.constructor.name || 'Process'}-${lineage.join(':')}`,
        daemon: options.daemon ?? self.daemon,
        authKey: self.authKey,
        lineage,
      },
      settings: { startMethod, env, execArgv, resourceLimits },
      task,
      child: undefined,
      isClosed: false,
      isCurrent: false,
      maker: process.pid,
    });
  }

  /**
   * What the child does: calls the target. A subclass may override it, and may be asynchronous.
   *
   * @returns what the target returns
   * @throws ProcessStateError when the target is known by module and name only, or the process has
   * been started from here
   */
  run(): unknown {
    const { task, facts } = openState(this);
    if (!task) {
      throw new ProcessStateError(
        `${facts.name} has no target here any more: start() gave it away`,
      );
    }
    const { target, args, kwargs } = task;
    if (target === undefined) return undefined;
    if (typeof target !== 'function') {
      throw new ProcessStateError(
        `${target.name} of ${target.module} is imported by the child; here only a function can be run`,
      );
    }
    const call = target as (...args: unknown[]) => unknown;
    return call(...args, ...(kwargs === undefined ? [] : [kwargs]));
  }

  /**
   * Starts the child, and returns while it comes up. It does so even if this thread blocks now.
   *
   * @throws {@link ProcessStateError} (`ERR_PROCESS_STATE`) when it has been started or closed, or
   * this process is a daemon; {@link BootstrapError} (`ERR_BOOTSTRAP`) while a child imports the
   * module of its target; NotExportedError (`ERR_NOT_EXPORTED`) for a target that no module
   * exports; EncodeError (`ERR_ENCODE`) with the path of an argument that cannot travel;
   * StartMethodError, ProcessStartError, FamilyError, ArenaFullError
   */
  start(): void {
    const state = openState(this);
    checkStartable(this);
    // Looks at all of them: those that have ended give their places back.
    activeChildren();
    state.child = startChild(this, ownRunner(this), () => removeActive(this));
    state.task = undefined;
    addActive(this);
  }

  /**
   * Waits until the child has ended, without blocking the event loop.
   *
   * @param options - `timeout` in milliseconds, `signal`
   * @returns `true`, or `false` after the time-out
   * @throws {@link ProcessStateError} before the start, after `close()`, and for the current
   * process; ArgumentTypeError, ArgumentRangeError; the signal's reason
   */
  async join(options: WaitOptions = {}): Promise<boolean> {
    return childOf(this, 'join').join(options);
  }

  /**
   * Waits until the child has ended, and blocks the thread.
   *
   * @param options - `timeout` in milliseconds; `signal` counts only when it is aborted already
   * @returns `true`, or `false` after the time-out
   * @throws {@link ProcessStateError} before the start, after `close()`, and for the current
   * process; ArgumentTypeError, ArgumentRangeError
   */
  joinSync(options: WaitOptions = {}): boolean {
    return childOf(this, 'joinSync').joinSync(options);
  }

  /**
   * Whether it has been started and has not ended. The current process is alive.
   *
   * @throws {@link ProcessStateError} after `close()`
   */
  isAlive(): boolean {
    const { child, isCurrent } = openState(this);
    return isCurrent || (child?.isAlive ?? false);
  }

  /**
   * Asks the child to end: sends SIGTERM, and SIGKILL if it still runs after the grace period. No
   * `finally` block and no exit hook runs, unless the child listens for SIGTERM. A thread without
   * such a listener is stopped at once.
   *
   * Does nothing when the child has ended. Children of the child that are no daemons go on.
   *
   * @param options - `grace` in milliseconds, `Infinity`: never kill
   * @throws {@link ProcessStateError} before the start, after `close()`, and for the current
   * process; ArgumentTypeError, ArgumentRangeError
   */
  terminate(options: TerminateOptions = {}): void {
    checkOptions(options);
    const { grace = DEFAULT_GRACE } = options;
    const expected = 'a number of milliseconds from 0';
    if (typeof grace !== 'number') throw new ArgumentTypeError('options.grace', expected, grace);
    if (!(grace >= 0)) throw new ArgumentRangeError('options.grace', expected, grace);
    childOf(this, 'terminate').terminate(grace);
  }

  /**
   * Ends the child at once, with SIGKILL. Does nothing when it has ended.
   *
   * @throws {@link ProcessStateError} before the start, after `close()`, and for the current process
   */
  kill(): void {
    childOf(this, 'kill').send('SIGKILL');
  }

  /**
   * Sends SIGINT, as Ctrl-C does. It ends a child that does not listen for it, with exit code -2.
   *
   * @throws {@link ProcessStateError} before the start, after `close()`, and for the current process
   */
  interrupt(): void {
    childOf(this, 'interrupt').send('SIGINT');
  }

  /**
   * Says that this object is not needed any more. Afterwards only its name can be read; closing
   * again does nothing.
   *
   * @throws {@link ProcessStateError} while the child runs, and for the current process
   */
  close(): void {
    const state = stateOf(this);
    if (state.isCurrent) throw new ProcessStateError('the current process cannot be closed');
    if (state.child?.isAlive) {
      throw new ProcessStateError(
        `${state.facts.name} still runs: join or terminate it before close()`,
      );
    }
    state.isClosed = true;
    state.child = undefined;
    state.task = undefined;
  }

  /** A label for people. It may be changed at any time; the child has the name of its start. */
  get name(): string {
    return stateOf(this).facts.name;
  }

  /** @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) for anything but a string */
  set name(name: string) {
    checkName(name, 'name');
    const { facts, isCurrent } = stateOf(this);
    facts.name = name;
    if (isCurrent) shareSelf(ownSelf());
  }

  /** Whether the child ends with its parent, however that ends. A daemon cannot have children. */
  get daemon(): boolean {
    return stateOf(this).facts.daemon;
  }

  /** @throws ProcessStateError after the start; ArgumentTypeError for anything but a boolean */
  set daemon(daemon: boolean) {
    checkDaemon(daemon, 'daemon');
    const { facts, child, isCurrent } = openState(this);
    if (child || isCurrent) {
      throw new ProcessStateError(`${facts.name} runs already: set daemon before start()`);
    }
    facts.daemon = daemon;
  }

  /**
   * Process id, `undefined` before the start. A thread has that of the process it runs in.
   *
   * @throws {@link ProcessStateError} after `close()`
   */
  get pid(): number | undefined {
    const { child, isCurrent } = openState(this);
    return isCurrent ? process.pid : child?.pid;
  }

  /** The same as `pid`, as in Python. */
  get ident(): number | undefined {
    return this.pid;
  }

  /**
   * How the child ended: the code of `process.exit()`, 0 after a normal end, 1 after an uncaught
   * error, minus the number of the signal that ended it; `null` before that.
   *
   * @throws {@link ProcessStateError} after `close()`
   */
  get exitCode(): number | null {
    return openState(this).child?.exitCode ?? null;
  }

  /**
   * A secret that all processes of a family have, for authenticating connections: 32 random bytes,
   * inherited from the parent when the `Process` is made.
   */
  get authKey(): Uint8Array {
    return stateOf(this).facts.authKey;
  }

  /** @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) for anything but a Uint8Array */
  set authKey(key: Uint8Array) {
    if (!(key instanceof Uint8Array)) throw new ArgumentTypeError('authKey', 'a Uint8Array', key);
    const { facts, isCurrent } = openState(this);
    facts.authKey = key.slice();
    if (isCurrent) shareSelf(ownSelf());
  }

  /**
   * Becomes ready when the child ends.
   *
   * @throws {@link ProcessStateError} before the start, after `close()`, and for the current process
   */
  get sentinel(): Sentinel {
    return new Sentinel(childOf(this, 'sentinel'));
  }

  /** Short description, for example `<Process name='Process-1' pid=17 parent=16 started>`. */
  toString(): string {
    return describe(this);
  }

  /** @internal */
  [inspect.custom](): string {
    return describe(this);
  }

  /** @internal */
  get [REFUSAL](): string {
    return (
      'which only the thread that made it can use; send its `pid` or `name`, or a shared object ' +
      'such as an Event to learn of what it does'
    );
  }
}

/** The class of the process, when that has a `run` of its own. */
function ownRunner(process: Process): Exportable | undefined {
  return process.run === Process.prototype.run ? undefined : (process.constructor as Exportable);
}

/** @throws ProcessStateError, BootstrapError */
function checkStartable(process: Process): void {
  const { child, isCurrent, facts } = stateOf(process);
  if (isCurrent) throw new ProcessStateError('the current process runs already');
  if (child) throw new ProcessStateError(`${facts.name} has been started: a process starts once`);
  const self = ownSelf();
  if (self.importing > 0) {
    throw new BootstrapError(
      `${facts.name} was to be started while ${self.name}, a child, still imports the module of its ` +
        'own target. A child imports that module again, so what starts processes has to stand in ' +
        'another module, or behind a guard: if (isMainProcess()) { … }',
    );
  }
  if (self.daemon && !(self.mayHaveChildren && facts.daemon)) {
    throw new ProcessStateError(
      `${self.name} is a daemon and may not start processes: nobody would end them with it`,
    );
  }
}
