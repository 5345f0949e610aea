const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };
const SIZES = { parameter: 'size', values: [64, 1024, 16_384, 262_144, 4_194_304] };

/** What is called how. */
const POOLS = {
  spawn: 'multiproc, processes',
  thread: 'multiproc, threads',
  executor: 'multiproc, processes',
  piscina: 'piscina',
  'piscina tasksPerWorker=256': 'piscina, concurrentTasksPerWorker: 256',
  tinypool: 'tinypool, threads',
  'tinypool tasksPerWorker=256': 'tinypool, threads, concurrentTasksPerWorker: 256',
  workerpool: 'workerpool, threads',
  poolifier: 'poolifier, threads',
  raw: 'floor: postMessage, threads',
};
const PYTHON_POOL = 'Python multiprocessing.Pool, spawn';
const PYTHON_EXECUTOR = 'Python concurrent.futures.ProcessPoolExecutor, spawn';

export const names = {
  'pool-apply.py': PYTHON_POOL,
  'pool-apply.py pool=executor': PYTHON_EXECUTOR,
  'pool-apply.py inFlight=1': PYTHON_POOL,
  'pool-apply.py pool=executor inFlight=1': PYTHON_EXECUTOR,
  'pool-payload.py': PYTHON_POOL,
  'pool-cold.py': PYTHON_POOL,
  'pool-map.js': 'multiproc, processes',
  'pool-map.js startMethod=thread': 'multiproc, threads',
  'pool-map.py': PYTHON_POOL,
  'pool-map.js chunksize=1': 'multiproc, processes',
  'pool-map.js chunksize=1 startMethod=thread': 'multiproc, threads',
  'pool-map.py chunksize=1': PYTHON_POOL,
};

/** A contender for each pool. */
function each(program, pools, more = '') {
  return pools.map((pool) => {
    const contender = `${program} pool=${pool}${more}`;
    names[contender] = POOLS[pool];
    return contender;
  });
}

const OTHERS = ['piscina', 'tinypool', 'workerpool', 'poolifier', 'raw'];
/** What they send a worker before it has answered; more than one does not help one call alone. */
const TUNED = ['piscina tasksPerWorker=256', 'tinypool tasksPerWorker=256'];
const ONE = ' inFlight=1';

export const rows = [
  {
    id: 'pool-many',
    title: 'Pool: apply of a trivial function, 500 in flight, two processes',
    unit: 'µs',
    contenders: [
      ...each('pool-apply.js', ['spawn', ...OTHERS, ...TUNED]),
      'pool-apply.py',
      'pool-apply.py pool=executor',
    ],
    budget: { peer: 'pool-apply.js pool=piscina', ratio: 0.167 },
    growth: [
      {
        ...AGENTS,
        contenders: each('pool-apply.js', ['spawn', 'piscina', 'piscina tasksPerWorker=256']),
      },
      { parameter: 'inFlight', values: [1, 8, 64, 512, 4096] },
    ],
  },
  {
    id: 'pool-many-thread',
    title: 'Pool: apply of a trivial function, 500 in flight, two threads',
    unit: 'µs',
    contenders: each('pool-apply.js', ['thread', 'piscina', 'piscina tasksPerWorker=256', 'raw']),
    budget: { peer: 'pool-apply.js pool=piscina', ratio: 0.167 },
    growth: AGENTS,
  },
  {
    id: 'executor',
    title: 'ProcessPoolExecutor: submit of a trivial function, 500 in flight, two workers',
    unit: 'µs',
    contenders: [...each('pool-apply.js', ['executor']), 'pool-apply.py pool=executor'],
    growth: AGENTS,
  },
  {
    id: 'pool-one',
    title: 'Pool: apply of a trivial function, one at a time, two processes',
    unit: 'µs',
    contenders: [
      ...each('pool-apply.js', ['spawn', ...OTHERS], ONE),
      `pool-apply.py${ONE}`,
      `pool-apply.py pool=executor${ONE}`,
    ],
    budget: { peer: `pool-apply.js pool=piscina${ONE}`, ratio: 0.8 },
    growth: AGENTS,
  },
  {
    id: 'pool-one-thread',
    title: 'Pool: apply of a trivial function, one at a time, two threads',
    unit: 'µs',
    contenders: each('pool-apply.js', ['thread', 'piscina', 'raw'], ONE),
    budget: { peer: `pool-apply.js pool=piscina${ONE}`, ratio: 0.8 },
    growth: AGENTS,
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
    growth: [AGENTS, { parameter: 'chunksize', values: [1, 10, 100, 1000] }],
  },
  {
    id: 'pool-payload',
    title: 'Pool: a call that takes 64 KiB and gives them back, 16 in flight, two workers',
    unit: 'µs',
    contenders: [...each('pool-payload.js', ['spawn', 'thread', ...OTHERS]), 'pool-payload.py'],
    growth: [SIZES, AGENTS].map((curve) => ({
      ...curve,
      contenders: [...each('pool-payload.js', ['spawn', 'piscina']), 'pool-payload.py'],
    })),
  },
  {
    id: 'pool-cold',
    title:
      'Pool: cold start of two workers, from loading the library to the results of two calls (who answers them is up to the pool)',
    unit: 'ms',
    // Without poolifier: called at once, now and then it leaves a promise that never settles.
    contenders: [
      ...each('pool-cold.js', ['spawn', 'thread', 'piscina', 'tinypool', 'workerpool', 'raw']),
      'pool-cold.py',
    ],
    growth: {
      ...AGENTS,
      contenders: [...each('pool-cold.js', ['spawn', 'thread']), 'pool-cold.py'],
    },
  },
];
