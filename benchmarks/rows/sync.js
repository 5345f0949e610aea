const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };
const RING = { parameter: 'agents', values: [2, 4, 8] };

export const rows = [
  {
    id: 'semaphore',
    title: 'Semaphore: acquire and release, free, blocking form',
    unit: 'ns',
    contenders: ['semaphore.js', 'semaphore.py'],
    growth: { ...AGENTS, contenders: ['crowd.js work=semaphore', 'crowd.py work=semaphore'] },
  },
  {
    id: 'semaphore-pingpong',
    title: 'Semaphore: once round a ring of two processes, blocking form',
    unit: 'µs',
    contenders: [
      'semaphore-pingpong.js',
      'semaphore-pingpong.py',
      'semaphore-pingpong-futex.js',
      'semaphore-pingpong-raw.js',
    ],
    budget: { peer: 'semaphore-pingpong.py', ratio: 0.3 },
    growth: RING,
  },
  {
    id: 'semaphore-fairness',
    title:
      'Semaphore: mean share of two processes that compete for one permit, for sections of 1 µs / share of the least served, after one second',
    unit: '×',
    contenders: ['fairness.js of=semaphore section=1', 'fairness.py of=semaphore section=1'],
    growth: [
      { ...AGENTS, rounds: 2 },
      {
        parameter: 'section',
        values: [0, 1, 10, 100],
        rounds: 2,
        contenders: ['fairness.js of=semaphore agents=8', 'fairness.py of=semaphore agents=8'],
      },
    ],
  },
  {
    id: 'event',
    title: 'Event: from set to wake between two processes, blocking form',
    unit: 'µs',
    contenders: ['event.js', 'event.py'],
    growth: AGENTS,
  },
  {
    id: 'event-async',
    title: 'Event: from set to wake between two processes, awaiting form',
    unit: 'µs',
    contenders: ['event.js form=awaiting', 'event.py', 'event-post.js'],
    growth: AGENTS,
  },
  {
    id: 'condition',
    title: 'Condition: notify and wait, handed over between two processes, blocking form',
    unit: 'µs',
    contenders: ['condition.js', 'condition.py'],
    growth: RING,
  },
  {
    id: 'barrier',
    title: 'Barrier: one passage of two processes, blocking form',
    unit: 'µs',
    contenders: ['barrier.js', 'barrier.py'],
    growth: RING,
  },
];

export const names = {
  'semaphore.py': 'Python multiprocessing.Semaphore',
  'crowd.py work=semaphore': 'Python multiprocessing.Semaphore, spawn',
  'semaphore-pingpong.py': 'Python multiprocessing.Semaphore, spawn',
  'semaphore-pingpong-futex.js': 'floor: bare futex between two processes, no spinning',
  'semaphore-pingpong-raw.js': 'floor: bare Atomics.wait and notify between two threads',
  'fairness.py of=semaphore section=1': 'Python multiprocessing.Semaphore, spawn',
  'fairness.js of=semaphore agents=8': 'multiproc, eight processes, sections in µs',
  'fairness.py of=semaphore agents=8': 'Python multiprocessing.Semaphore, spawn, the same',
  'event.py': 'Python multiprocessing.Event, spawn',
  'event-post.js': 'postMessage between two threads',
  'condition.py': 'Python multiprocessing.Condition, spawn',
  'barrier.py': 'Python multiprocessing.Barrier, spawn',
};
