const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };

export const rows = [
  {
    id: 'pool-many',
    title: 'Pool: apply of a trivial function, 500 in flight, two processes',
    unit: 'µs',
    contenders: [
      'pool-many-spawn.js',
      'pool-many-piscina.js',
      'pool-many-tinypool.js',
      'pool-many-workerpool.js',
      'pool-many-poolifier.js',
      'pool-many-raw.js',
      'pool-many.py',
      'executor.py',
    ],
    budget: {
      peer: 'pool-many-piscina.js',
      ratio: 0.167,
    },
    growth: AGENTS,
  },
  {
    id: 'pool-many-thread',
    title: 'Pool: apply of a trivial function, 500 in flight, two threads',
    unit: 'µs',
    contenders: ['pool-many-thread.js', 'pool-many-piscina.js', 'pool-many-raw.js'],
    budget: {
      peer: 'pool-many-piscina.js',
      ratio: 0.167,
    },
    growth: AGENTS,
  },
  {
    id: 'executor',
    title: 'ProcessPoolExecutor.submit: a call that adds two numbers, 500 in flight, 2 workers',
    unit: 'µs',
    contenders: ['executor.js', 'executor.py'],
    growth: AGENTS,
  },
  {
    id: 'pool-one',
    title: 'Pool: apply of a trivial function, one at a time, two processes',
    unit: 'µs',
    contenders: [
      'pool-one-spawn.js',
      'pool-one-piscina.js',
      'pool-one-tinypool.js',
      'pool-one-workerpool.js',
      'pool-one-poolifier.js',
      'pool-one-raw.js',
      'pool-one.py',
      'executor-one.py',
    ],
    budget: {
      peer: 'pool-one-piscina.js',
      ratio: 0.8,
    },
    growth: AGENTS,
  },
  {
    id: 'pool-one-thread',
    title: 'Pool: apply of a trivial function, one at a time, two threads',
    unit: 'µs',
    contenders: ['pool-one-thread.js', 'pool-one-piscina.js', 'pool-one-raw.js'],
    budget: {
      peer: 'pool-one-piscina.js',
      ratio: 0.8,
    },
  },
  {
    id: 'pool-map',
    title: 'Pool: map of a trivial function over a million numbers, default chunks, per element',
    unit: 'ns',
    contenders: ['pool-map.js', 'pool-map.py', 'pool-map.js startMethod=thread'],
    budget: { peer: 'pool-map.py', ratio: 1 },
    growth: [AGENTS, { parameter: 'items', values: [100, 1000, 10_000, 100_000, 1_000_000] }],
  },
  {
    id: 'pool-chunks',
    title: 'Pool: map of a trivial function with chunksize 1, per element',
    unit: 'ns',
    contenders: [
      'pool-map.js chunksize=1',
      'pool-map.py chunksize=1',
      'pool-map.js chunksize=1 startMethod=thread',
    ],
    growth: AGENTS,
  },
  {
    id: 'pool-payload',
    title: 'Pool: a call that takes 64 KiB and gives them back, 16 in flight, two workers',
    unit: 'µs',
    contenders: [
      'pool-payload.js pool=spawn',
      'pool-payload.js pool=thread',
      'pool-payload.js pool=piscina',
      'pool-payload.js pool=tinypool',
      'pool-payload.js pool=workerpool',
      'pool-payload.js pool=raw',
      'pool-payload.py',
    ],
    growth: {
      parameter: 'size',
      values: [64, 1024, 16_384, 262_144, 4_194_304],
      contenders: ['pool-payload.js pool=spawn', 'pool-payload.js pool=piscina', 'pool-payload.py'],
    },
  },
  {
    id: 'pool-cold',
    title: 'Pool: cold start, from loading the library to a result of each of two workers',
    unit: 'ms',
    contenders: [
      'pool-cold.js pool=spawn',
      'pool-cold.js pool=thread',
      'pool-cold.js pool=piscina',
      'pool-cold.js pool=tinypool',
      'pool-cold.js pool=workerpool',
      'pool-cold.js pool=raw',
      'pool-cold.py',
    ],
    growth: AGENTS,
  },
];

export const names = {
  'pool-many-spawn.js': 'multiproc, processes',
  'pool-many-piscina.js': 'piscina',
  'pool-many-tinypool.js': 'tinypool, threads',
  'pool-many-workerpool.js': 'workerpool, threads',
  'pool-many-poolifier.js': 'poolifier, threads',
  'pool-many-raw.js': 'floor: postMessage, threads',
  'pool-many.py': 'Python multiprocessing.Pool, spawn',
  'pool-many-thread.js': 'multiproc, threads',
  'executor.js': 'multiproc, processes',
  'executor.py': 'Python concurrent.futures.ProcessPoolExecutor, spawn',
  'pool-one-spawn.js': 'multiproc, processes',
  'pool-one-piscina.js': 'piscina',
  'pool-one-tinypool.js': 'tinypool, threads',
  'pool-one-workerpool.js': 'workerpool, threads',
  'pool-one-poolifier.js': 'poolifier, threads',
  'pool-one-raw.js': 'floor: postMessage, threads',
  'pool-one.py': 'Python multiprocessing.Pool, spawn',
  'pool-one-thread.js': 'multiproc, threads',
  'pool-map.js': 'multiproc, processes',
  'pool-map.js startMethod=thread': 'multiproc, threads',
  'pool-map.py': 'Python multiprocessing.Pool, spawn',
  'pool-map.js chunksize=1': 'multiproc, processes',
  'pool-map.js chunksize=1 startMethod=thread': 'multiproc, threads',
  'pool-map.py chunksize=1': 'Python multiprocessing.Pool, spawn',
  'executor-one.py': 'Python concurrent.futures.ProcessPoolExecutor, spawn',
};
for (const row of ['pool-payload', 'pool-cold']) {
  names[`${row}.js pool=spawn`] = 'multiproc, processes';
  names[`${row}.js pool=thread`] = 'multiproc, threads';
  names[`${row}.js pool=piscina`] = 'piscina';
  names[`${row}.js pool=tinypool`] = 'tinypool, threads';
  names[`${row}.js pool=workerpool`] = 'workerpool, threads';
  names[`${row}.js pool=raw`] = 'floor: postMessage, threads';
  names[`${row}.py`] = 'Python multiprocessing.Pool, spawn';
}
