import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { remember } from './reap-all.js';
import { type Exit, Spawned } from './spawned.js';

/** A worker thread under test. */
export class SpawnedThread extends Spawned {
  /** The thread. */
  readonly worker: Worker;

  /** @param worker - started with `stdout` and `stderr` set */
  constructor(worker: Worker) {
    super(worker.stdout, worker.stderr, endOf(worker));
    this.worker = worker;
  }

  /** Terminates the thread at whatever point it is; the signal is of no account. */
  override async kill(): Promise<Exit> {
    await this.worker.terminate();
    return this.exited;
  }

  /** The next message that the thread posts. */
  async message(): Promise<unknown> {
    const [value] = await once(this.worker, 'message');
    return value;
  }
}

/**
 * Starts a worker thread that a test can watch and kill.
 *
 * @param url - JavaScript module
 * @param workerData - what the module gets as `workerData`
 * @param options - more options of `Worker`
 *
 * @example
 * ```ts
 * import { spawnThread } from '@multiproc/testing';
 *
 * const thread = spawnThread(new URL('./fixtures/hammer.js', import.meta.url), { rounds: 10 });
 * await thread.line('ready');
 * console.log((await thread.exited).code); // → 0
 * ```
 */
export function spawnThread(
  url: URL,
  workerData?: unknown,
  options: WorkerOptions = {},
): SpawnedThread {
  const worker = new Worker(url, { ...options, workerData, stdout: true, stderr: true });
  const thread = new SpawnedThread(worker);
  remember(thread);
  return thread;
}

async function endOf(worker: Worker): Promise<Pick<Exit, 'code' | 'signal' | 'error'>> {
  let thrown: unknown;
  worker.on('error', (error) => {
    thrown = error;
  });
  const [code] = await new Promise<[number]>((resolve) => {
    worker.on('exit', (exitCode) => resolve([exitCode]));
  });
  return { code, signal: null, error: thrown };
}
