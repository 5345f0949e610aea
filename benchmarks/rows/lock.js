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
    title: 'Lock: one section of 0 ns, two processes in turn',
    unit: 'ns',
    contenders: ['crowd.js work=lock-shared', 'crowd.py work=lock-shared'],
    growth: AGENTS,
  },
  {
    id: 'lock-fairness',
    title:
      'Lock: mean share of two processes in turn / share of the least served, after one second',
    unit: '×',
    contenders: ['fairness.js', 'fairness.py'],
    growth: AGENTS,
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
};
