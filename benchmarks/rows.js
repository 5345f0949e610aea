/**
 * What is measured. Each contender is a program that prints one number, in the row's unit; lower is
 * better. A budget compares the first contender with a peer: `ratio` times the peer, plus `extra`.
 */
export const rows = [
  {
    id: 'lock',
    title: 'Lock: acquire and release, free, blocking form',
    unit: 'ns',
    contenders: ['lock.js', 'lock.py', 'lock-raw.js'],
    budget: { peer: 'lock.py', ratio: 0.6 },
  },
  {
    id: 'lock-async',
    title: 'Lock: acquire and release, free, awaiting form',
    unit: 'ns',
    contenders: ['lock-async.js', 'lock.py'],
  },
  {
    id: 'lock-contended',
    title: 'Lock: one section of 0 ns, two processes in turn',
    unit: 'ns',
    contenders: ['lock-contended.js', 'lock-contended.py'],
  },
  {
    id: 'process',
    title: 'Process: start and join an empty target, spawn',
    unit: 'ms',
    contenders: ['process.js', 'process-fork.js', 'process.py'],
    budget: { peer: 'process-fork.js', ratio: 1, extra: 12 },
  },
  {
    id: 'process-thread',
    title: 'Process: start and join an empty target, thread',
    unit: 'ms',
    contenders: ['process-thread.js', 'process-worker.js'],
  },
];

/** What each program stands for. */
export const names = {
  'lock.js': 'multiproc',
  'lock-async.js': 'multiproc',
  'lock.py': 'Python multiprocessing.Lock',
  'lock-raw.js': 'floor: compare-exchange and store',
  'lock-contended.js': 'multiproc',
  'lock-contended.py': 'Python multiprocessing.Lock',
  'process.js': 'multiproc',
  'process-fork.js': 'bare child_process.fork of an empty file',
  'process.py': 'Python multiprocessing.Process, spawn',
  'process-thread.js': 'multiproc',
  'process-worker.js': 'bare new Worker of an empty file',
};
