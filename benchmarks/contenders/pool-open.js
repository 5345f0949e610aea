import { fileURLToPath } from 'node:url';
import { parameter } from './parameters.js';

const TASK = new URL('pool-task.js', import.meta.url);

/**
 * Pools by name, each loaded when it is opened, with so many workers. They `add` two numbers, and
 * `echo` a value.
 */
export const open = {
  spawn: (workers) => openOurs(workers, 'spawn'),
  thread: (workers) => openOurs(workers, 'thread'),

  async executor(workers) {
    const [{ ProcessPoolExecutor }, { add, echo }] = await Promise.all([
      import('@multiproc/executor'),
      import('./pool-task.js'),
    ]);
    const executor = new ProcessPoolExecutor({ maxWorkers: workers });
    return {
      add: (a, b) => executor.submit(add, a, b),
      echo: (value) => executor.submit(echo, value),
      close: () => executor.shutdown(),
    };
  },

  async piscina(workers) {
    const { Piscina } = await import('piscina');
    return likePiscina(new Piscina({ filename: fileURLToPath(TASK), ...threads(workers) }));
  },

  async tinypool(workers) {
    const { Tinypool } = await import('tinypool');
    return likePiscina(new Tinypool({ filename: TASK.href, ...threads(workers) }));
  },

  async workerpool(workers) {
    const { default: workerpool } = await import('workerpool');
    const file = fileURLToPath(new URL('pool-workerpool-task.js', import.meta.url));
    const options = { minWorkers: workers, maxWorkers: workers, workerType: 'thread' };
    const pool = workerpool.pool(file, options);
    return {
      add: (a, b) => pool.exec('add', [a, b]),
      echo: (value) => pool.exec('echo', [value]),
      close: () => pool.terminate(),
    };
  },

  async poolifier(workers) {
    const { FixedThreadPool } = await import('poolifier');
    const file = fileURLToPath(new URL('pool-poolifier-task.js', import.meta.url));
    const pool = new FixedThreadPool(workers, file);
    return {
      add: (a, b) => pool.execute({ a, b }, 'add'),
      echo: (value) => pool.execute(value, 'echo'),
      close: () => pool.destroy(),
    };
  },

  async raw(workers) {
    const { Worker } = await import('node:worker_threads');
    const url = new URL('pool-raw-task.js', import.meta.url);
    const threads = Array.from({ length: workers }, () => new Worker(url));
    const waiting = new Map();
    for (const thread of threads) {
      thread.on('message', ([id, result]) => {
        waiting.get(id)(result);
        waiting.delete(id);
      });
    }
    let next = 0;
    const call = (...args) => {
      return new Promise((resolve) => {
        waiting.set(next, resolve);
        threads[next % workers].postMessage([next++, ...args]);
      });
    };
    const close = () => Promise.all(threads.map((thread) => thread.terminate()));
    return { add: call, echo: call, close };
  },
};

async function openOurs(workers, startMethod) {
  const [{ Pool }, { add, echo }] = await Promise.all([
    import('@multiproc/pool'),
    import('./pool-task.js'),
  ]);
  const pool = new Pool({ processes: workers, startMethod });
  return {
    add: (a, b) => pool.apply(add, [a, b]),
    echo: (value) => pool.apply(echo, [value]),
    close: () => pool.terminate(),
  };
}

/** A worker of theirs is sent one task at a time unless it may be sent more. */
function threads(workers) {
  const concurrentTasksPerWorker = parameter('tasksPerWorker', 1);
  return { minThreads: workers, maxThreads: workers, concurrentTasksPerWorker };
}

function likePiscina(pool) {
  const [ADD, ECHO] = [{ name: 'addBoth' }, { name: 'echo' }];
  return {
    add: (a, b) => pool.run({ a, b }, ADD),
    echo: (value) => pool.run(value, ECHO),
    close: () => pool.destroy(),
  };
}
