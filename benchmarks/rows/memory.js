export const rows = [
  {
    id: 'memory-process',
    title: 'Memory: resident, of an idle process',
    unit: 'MiB',
    contenders: ['memory-agents.js', 'memory-fork.js', 'memory-agents.py'],
    growth: { parameter: 'agents', values: [1, 2, 4, 8] },
  },
  {
    id: 'memory-thread',
    title: 'Memory: resident, that an idle thread adds',
    unit: 'MiB',
    contenders: ['memory-agents.js startMethod=thread', 'memory-worker.js'],
    growth: { parameter: 'agents', values: [1, 2, 4, 8] },
  },
  {
    id: 'memory-lock',
    title: 'Memory: resident, that a Lock adds',
    unit: 'bytes',
    contenders: ['memory-things.js of=lock', 'memory-things.py of=lock'],
    growth: {
      parameter: 'items',
      values: [1000, 10_000, 100_000],
      contenders: ['memory-things.js of=lock'],
    },
  },
  {
    id: 'memory-queue',
    title: 'Memory: resident, that an empty Queue adds',
    unit: 'bytes',
    contenders: [
      'memory-things.js of=queue items=10000',
      'memory-things.js of=queue-used items=10000',
      'memory-things.py of=queue',
    ],
    growth: {
      parameter: 'items',
      values: [1000, 10_000, 30_000],
      contenders: [
        'memory-things.js of=queue items=10000',
        'memory-things.js of=queue-used items=10000',
      ],
    },
  },
  {
    id: 'memory-dict-entry',
    title: 'Memory: resident, that an entry of a ManagerDict adds (short text to small integer)',
    unit: 'bytes',
    contenders: [
      'memory-things.js of=dict-entry',
      'memory-things.js of=sharedmap-entry',
      'memory-things.js of=map-entry',
    ],
    growth: { parameter: 'items', values: [10_000, 100_000, 1_000_000] },
  },
  {
    id: 'memory-put-get',
    title: 'Memory: resident after / before a million pairs of put and get (Python: 100 000)',
    unit: '×',
    contenders: ['memory-growth.js of=put-get', 'memory-growth.py of=put-get'],
    growth: { parameter: 'pairs', values: [1000, 10_000, 100_000, 1_000_000], rounds: 1 },
    rounds: 2,
  },
  {
    id: 'memory-start-join',
    title: 'Memory: resident after / before a thousand processes started and joined',
    unit: '×',
    contenders: ['memory-growth.js of=spawn', 'memory-growth.py of=spawn'],
    growth: { parameter: 'starts', values: [30, 100, 300] },
    rounds: 1,
  },
  {
    id: 'memory-start-join-thread',
    title: 'Memory: resident after / before a thousand threads started and joined',
    unit: '×',
    contenders: ['memory-growth.js of=thread', 'memory-growth.js of=worker'],
    growth: { parameter: 'starts', values: [30, 100, 300] },
    rounds: 1,
  },
];

export const names = {
  'memory-fork.js': 'bare child_process.fork',
  'memory-agents.py': 'Python multiprocessing.Process, spawn',
  'memory-worker.js': 'bare new Worker',
  'memory-things.py of=lock': 'Python multiprocessing.Lock',
  'memory-things.js of=queue-used items=10000': 'multiproc, with one item in it',
  'memory-things.py of=queue': 'Python multiprocessing.Queue',
  'memory-things.js of=sharedmap-entry': 'SharedMap, made for twice as many',
  'memory-things.js of=map-entry': 'plain Map in one thread',
  'memory-growth.js of=worker': 'bare new Worker of an empty file',
  'memory-growth.py of=put-get': 'Python multiprocessing.Queue',
  'memory-growth.py of=spawn': 'Python multiprocessing.Process, spawn',
};
