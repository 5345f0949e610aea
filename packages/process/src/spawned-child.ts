import type { ChildProcess } from 'node:child_process';
import { accessSync, constants as fsConstants } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ResourceLimits } from 'node:worker_threads';
import { type Family, identityOf, type Memory, type Native } from '@multiproc/core';
import { Child, type ChildSignal } from './child.js';
import { ProcessStartError } from './errors.js';
import { executable } from './executable.js';
import { inheritedOptions } from './inherited-options.js';
import { livenessPipe } from './liveness-pipe.js';

/** Descriptor of the family's file in the child; see `bootstrap.ts`. */
const FAMILY_FILE = 3;

/** What a process is spawned with. */
export interface SpawnRequest {
  readonly family: Family;
  /** The place claimed for it. */
  readonly agent: number;
  readonly name: string;
  readonly daemon: boolean;
  /** Where the start message lies in the family's memory, in bytes. */
  readonly position: number;
  readonly length: number;
  /** Descriptors of sockets and servers among its arguments. */
  readonly fds: readonly number[];
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly execArgv: readonly string[] | undefined;
  readonly resourceLimits: ResourceLimits | undefined;
  readonly onEnd: () => void;
}

/** The first descriptor of a spawned process that is a socket or server from its arguments. */
export function firstHandle(daemon: boolean): number {
  return FAMILY_FILE + (daemon ? 2 : 1);
}

/** An OS process. */
export class SpawnedChild extends Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #native: Native;
  /** Opened when first needed; -1 before, and while there are too many open files. */
  #pidfd = -1;

  /** @throws ProcessStartError when there is no process */
  constructor(request: SpawnRequest) {
    super(request.family, request.agent, request.onEnd);
    const { family, agent, daemon } = request;
    this.#native = family.native as Native;
    this.#process = spawnNode(request);
    // Without a listener the failure would be thrown at the event loop; it is thrown below.
    this.#process.on('error', () => {});
    if (this.#process.pid === undefined) throw startError();
    this.pid = this.#process.pid;
    this.#process.once('exit', (code, signal) => this.finish(exitCodeOf(code, signal)));
    if (daemon) this.#process.unref();
    const identity = identityOf(this.pid, this.pid);
    if (identity) family.table.identify(agent, identity);
    this.begin();
  }

  override sleep(_sequence: number, milliseconds: number): void {
    this.#native.pollReadable(this.#watch(), milliseconds);
  }

  protected override look(): void {
    const pidfd = this.#watch();
    const hasEnded =
      pidfd < 0 ? !identityOf(this.pid, this.pid) : this.#native.pollReadable(pidfd, 0);
    // Asked without reaping the process: Node does that. When it has done so already, it is about
    // to tell the exit code, which can be had from nowhere else any more.
    if (hasEnded) this.finish(this.#native.exitStatus(this.pid) ?? null);
  }

  protected override deliver(signal: ChildSignal): void {
    this.#process.kill(signal);
  }

  protected override release(): void {
    if (this.#pidfd >= 0) this.#native.close(this.#pidfd);
  }

  #watch(): number {
    if (this.#pidfd < 0) this.#pidfd = this.#native.watchProcess(this.pid);
    return this.#pidfd;
  }
}

function spawnNode(request: SpawnRequest): ChildProcess {
  const { family, agent, name, daemon, position, length, fds } = request;
  // Only here, so that a program whose children are threads does not load it.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { fd } = family.memory as Memory & { readonly fd: number };
  const liveness = daemon ? FAMILY_FILE + 1 : 0;
  const numbers = [agent, family.size, position, length, liveness].join();
  const bootstrap = fileURLToPath(new URL('./bootstrap.js', import.meta.url));
  const pipes = daemon ? [livenessPipe(family.native as Native)] : [];
  return spawn(
    executable(),
    [
      ...(request.execArgv ?? inheritedOptions()),
      ...limitOptions(request.resourceLimits),
      bootstrap,
      numbers,
      name.replaceAll('\0', ''),
    ],
    {
      env: request.env ?? process.env,
      // Two readers of one terminal or pipe would each get parts of the input.
      stdio: ['ignore', 'inherit', 'inherit', fd, ...pipes, ...fds],
    },
  );
}

/** A process has its limits as options. */
function limitOptions(limits: ResourceLimits = {}): string[] {
  const { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: young, stackSizeMb } = limits;
  const options: string[] = [];
  if (old !== undefined) options.push(`--max-old-space-size=${Math.max(1, Math.ceil(old))}`);
  // The young generation is three semi-spaces.
  if (young !== undefined)
    options.push(`--max-semi-space-size=${Math.max(1, Math.ceil(young / 3))}`);
  if (stackSizeMb !== undefined) options.push(`--stack-size=${Math.floor(stackSizeMb * 1000)}`);
  return options;
}

/** Node tells the reason only later; the usual one can be found out. */
function startError(): ProcessStartError {
  const path = executable();
  try {
    if (path.includes('/')) accessSync(path, fsConstants.X_OK);
  } catch (cause) {
    return new ProcessStartError(`${path} cannot be run: see setExecutable()`, { cause });
  }
  return new ProcessStartError(
    `${path} could not be started: it is no program, or the system has no room for another ` +
      'process or descriptor',
  );
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code as number) : -constants.signals[signal];
}
