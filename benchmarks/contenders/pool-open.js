import { fileURLToPath } from 'node:url';

const TASK = new URL('pool-task.js', import.meta.url);

/** Pools that call `echo`, by name: each is loaded when it is opened. */
export const open = {
  spawn: (workers) => openOurs(workers, 'spawn'),
  thread: (workers) => openOurs(workers, 'thread'),
  async piscina(workers) {
    const { Piscina } = await import('piscina');
    const filename = fileURLToPath(TASK);
    const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, name: 'echo' });
    return { echo: (value) => pool.run(value), close: () => pool.destroy() };
  },
  async tinypool(workers) {
    const { Tinypool } = await import('tinypool');
    const filename = TASK.href;
    const pool = new Tinypool({ filename, minThreads: workers, maxThreads: workers, name: 'echo' });
    return { echo: (value) => pool.run(value), close: () => pool.destroy() };
  },
  async workerpool(workers) {
    const { default: workerpool } = await import('workerpool');
    const file = fileURLToPath(new URL('pool-workerpool-task.js', import.meta.url));
    const options = { minWorkers: workers, maxWorkers: workers, workerType: 'thread' };
    const pool = workerpool.pool(file, options);
    return { echo: (value) => pool.exec('echo', [value]), close: () => pool.terminate() };
  },
  async raw(workers) {
    const { Worker } = await import('node:worker_threads');
    const url = new URL('pool-raw-echo.js', import.meta.url);
    const threads = Array.from({ length: workers }, () => new Worker(url));
    const waiting = new Map();
    for (const thread of threads) {
      thread.on('message', ([id, result]) => {
        waiting.get(id)(result);
        waiting.delete(id);
      });
    }
    let next = 0;
    const echo = (value) => {
      return new Promise((resolve) => {
        waiting.set(next, resolve);
        threads[next % workers].postMessage([next++, value]);
      });
    };
    return { echo, close: () => Promise.all(threads.map((thread) => thread.terminate())) };
  },
};

async function openOurs(workers, startMethod) {
  const [{ Pool }, { echo }] = await Promise.all([
    import('@multiproc/pool'),
    import('./pool-task.js'),
  ]);
  const pool = new Pool({ processes: workers, startMethod });
  return { echo: (value) => pool.apply(echo, [value]), close: () => pool.terminate() };
}
