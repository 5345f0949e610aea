const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };

export const rows = [
  {
    id: 'process',
    title: 'Process: start and join an empty target, spawn',
    unit: 'ms',
    contenders: ['process.js', 'process-fork.js', 'process.py'],
    budget: { peer: 'process-fork.js', ratio: 1, extra: 12 },
    growth: AGENTS,
  },
  {
    id: 'process-thread',
    title: 'Process: start and join an empty target, thread',
    unit: 'ms',
    contenders: ['process.js startMethod=thread', 'process-worker.js'],
    growth: AGENTS,
  },
];

export const names = {
  'process-fork.js': 'bare child_process.fork of an empty file',
  'process.py': 'Python multiprocessing.Process, spawn',
  'process-worker.js': 'bare new Worker of an empty file',
};
