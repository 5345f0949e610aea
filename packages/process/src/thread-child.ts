import { existsSync, readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { MessageChannel, type MessagePort, type ResourceLimits, Worker } from 'node:worker_threads';
import { type Family, type Identity, identityOf } from '@multiproc/core';
import type { ThreadStart } from './bootstrap-thread.js';
import { Child, type ChildSignal } from './child.js';
import { inheritedThreadOptions } from './inherited-options.js';
import { ThreadStatus } from './thread-status.js';

/** How long a thread that has decided to end is given before the next look, in milliseconds. */
const TEARDOWN = 1;

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGKILL: 9 };

/** What a thread is started with. */
export interface ThreadRequest {
  readonly family: Family;
  /** The place claimed for it. */
  readonly agent: number;
  readonly name: string;
  readonly daemon: boolean;
  readonly message: Uint8Array;
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly execArgv: readonly string[] | undefined;
  readonly resourceLimits: ResourceLimits | undefined;
  /** Closes the descriptors that the thread did not live to take. */
  readonly closeHandles: () => void;
  readonly onEnd: () => void;
}

/** A worker thread that behaves like a process. */
export class ThreadChild extends Child {
  readonly pid = process.pid;
  readonly #worker: Worker;
  readonly #status = new ThreadStatus();
  readonly #signals: MessagePort;
  readonly #closeHandles: () => void;
  readonly #name: string;
  #isStopping = false;
  /** The kernel's thread, for a starter that blocks and so hears nothing from Node. */
  #kernelThread: Identity | undefined;

  /** @throws what the constructor of `Worker` throws */
  constructor(request: ThreadRequest) {
    super(request.family, request.agent, request.onEnd);
    const { agent, message, name } = request;
    const { port1, port2 } = new MessageChannel();
    const { buffer } = this.#status;
    const workerData: ThreadStart = { status: buffer, signals: port2, message, agent, name };
    const execArgv = request.execArgv ?? inheritedThreadOptions();
    const before = new Set(kernelThreads());
    this.#worker = new Worker(new URL('./bootstrap-thread.js', import.meta.url), {
      name,
      workerData,
      transferList: [port2],
      argv: process.argv.slice(2),
      ...(request.env && { env: request.env }),
      ...(execArgv && { execArgv: [...execArgv] }),
      ...(request.resourceLimits && { resourceLimits: request.resourceLimits }),
    });
    const made = kernelThreads().filter((tid) => !before.has(tid));
    if (made.length === 1) this.#kernelThread = identityOf(process.pid, Number(made[0]));
    this.#signals = port1;
    port1.unref();
    this.#closeHandles = request.closeHandles;
    this.#name = name;
    this.#worker.on('error', (error) => this.#report(error));
    this.#worker.once('exit', (code) => this.finish(this.#status.outcome ?? code & 0xff));
    if (request.daemon) this.#worker.unref();
    this.begin();
  }

  override sleep(_sequence: number, milliseconds: number): void {
    if (this.#status.outcome === undefined) this.#status.sleep(milliseconds);
    else this.#status.pause(TEARDOWN);
  }

  /** The event loop may be blocked, or turn later: the kernel knows first. */
  protected override look(): void {
    if (this.#isGone()) this.finish(this.#status.outcome ?? 1);
  }

  protected override deliver(signal: ChildSignal): void {
    if (signal !== 'SIGKILL' && this.#status.listensFor(signal)) {
      this.#signals.postMessage(signal);
      return;
    }
    if (this.#isStopping) return;
    this.#isStopping = true;
    // Before the thread is stopped: one that is stopped has no say about its exit code.
    this.#status.decide(-SIGNAL_NUMBERS[signal]);
    void this.#worker.terminate();
  }

  protected override release(): void {
    this.#signals.close();
    if (this.#status.recallHandles()) this.#closeHandles();
  }

  #isGone(): boolean {
    const { tid, outcome } = this.#status;
    if (!this.#kernelThread && tid !== 0) {
      // Another thread was made at the same time as this one, so it has to say which it is.
      this.#kernelThread = identityOf(process.pid, tid);
      if (!this.#kernelThread) return true;
    }
    const known = this.#kernelThread;
    // Unknown: it was stopped before it ran, or, where the kernel's threads cannot be seen, it is
    // past its last hook.
    if (!known) return outcome !== undefined;
    if (!existsSync(`/proc/self/task/${known.tid}`)) return true;
    const now = identityOf(known.pid, known.tid);
    return now?.startLow !== known.startLow || now.startHigh !== known.startHigh;
  }

  /** What killed a thread that could not say so itself, such as a lack of memory. */
  #report(error: unknown): void {
    if (this.#status.isReported) return;
    process.stderr.write(`Uncaught error in thread ${this.#name}:\n${inspect(error)}\n`);
  }
}

/** Kernel ids of this process's threads; empty where the platform does not tell. */
function kernelThreads(): string[] {
  try {
    return readdirSync('/proc/self/task');
  } catch {
    return [];
  }
}
