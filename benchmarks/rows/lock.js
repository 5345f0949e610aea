const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };

export const rows = [
  {
    id: 'lock',
    title: 'Lock: acquire and release, free, blocking form',
    unit: 'ns',
    contenders: ['lock.js', 'lock.py', 'lock-raw.js'],
    budget: { peer: 'lock.py', ratio: 0.6 },
    growth: { ...AGENTS, contenders: ['crowd.js work=lock', 'crowd.py work=lock'] },
  },
  {
    id: 'lock-async',
    title: 'Lock: acquire and release, free, awaiting form',
    unit: 'ns',
    contenders: ['lock-async.js', 'lock-async-mutex.js', 'lock-async-navigator.js', 'lock.py'],
    growth: { ...AGENTS, contenders: ['crowd.js work=lock-async'] },
  },
  {
    id: 'lock-contended',
    title: 'Lock: acquire and release of one lock by two processes at the same time',
    unit: 'ns',
    contenders: ['crowd.js work=lock-shared', 'crowd.py work=lock-shared'],
    growth: AGENTS,
  },
  {
    id: 'lock-contended-async',
    title: 'Lock: acquire and release of one lock by two processes at the same time, awaiting form',
    unit: 'ns',
    contenders: ['crowd.js work=lock-async-shared', 'crowd.py work=lock-shared'],
    growth: AGENTS,
  },
  {
    id: 'lock-fairness',
    title:
      'Lock: mean share of two processes that compete / share of the least served, after one second',
    unit: '×',
    contenders: ['fairness.js', 'fairness.py'],
    growth: [
      { ...AGENTS, rounds: 2 },
      {
        parameter: 'section',
        values: [0, 1, 10, 100],
        rounds: 2,
        contenders: ['fairness.js agents=8', 'fairness.py agents=8'],
      },
    ],
  },
];

export const names = {
  'lock.py': 'Python multiprocessing.Lock',
  'lock-raw.js': 'floor: compare-exchange and store',
  'lock-async-mutex.js': 'async-mutex, one thread only',
  'lock-async-navigator.js': 'navigator.locks of Node.js, threads only',
  'crowd.py work=lock': 'Python multiprocessing.Lock, spawn',
  'crowd.py work=lock-shared': 'Python multiprocessing.Lock, spawn',
  'fairness.py': 'Python multiprocessing.Lock, spawn',
  'fairness.js agents=8': 'multiproc, eight processes, sections in µs',
  'fairness.py agents=8': 'Python multiprocessing.Lock, spawn, the same',
};
