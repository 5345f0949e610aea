const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };
const SIZES = { parameter: 'size', values: [16, 256, 4096, 65_536] };
/** Filling a dictionary of a server with a million entries takes seconds. */
const ENTRIES = { parameter: 'entries', values: [10, 1000, 100_000, 1_000_000], rounds: 2 };

export const rows = [
  {
    id: 'dict-get',
    title: 'ManagerDict: get of a small value',
    unit: 'ns',
    contenders: ['dict-get.js', 'dict-get.py', 'dict-get-sharedmap.js', 'dict-get-map.js'],
    budget: [
      {
        peer: 'dict-get.py',
        ratio: 0.0125,
      },
      {
        peer: 'dict-get-sharedmap.js',
        ratio: 0.5,
      },
    ],
    growth: [
      ENTRIES,
      { ...AGENTS, contenders: ['crowd.js work=dict-get', 'crowd.py work=dict-get'] },
    ],
  },
  {
    id: 'dict-set',
    title: 'ManagerDict: set of a small value',
    unit: 'ns',
    contenders: ['dict-set.js', 'dict-set.py', 'dict-set-sharedmap.js', 'dict-set-map.js'],
    budget: [
      {
        peer: 'dict-set.py',
        ratio: 0.0125,
      },
      {
        peer: 'dict-set-sharedmap.js',
        ratio: 0.5,
      },
    ],
    growth: [
      ENTRIES,
      { ...AGENTS, contenders: ['crowd.js work=dict-set', 'crowd.py work=dict-set'] },
    ],
  },
  {
    id: 'dict-get-1k',
    title: 'ManagerDict: get of a text of 1 KiB',
    unit: 'ns',
    contenders: ['dict-get-1k.js', 'dict-get-1k.py', 'dict-get-1k-sharedmap.js'],
    growth: SIZES,
  },
  {
    id: 'dict-set-1k',
    title: 'ManagerDict: set of a text of 1 KiB',
    unit: 'ns',
    contenders: ['dict-set-1k.js', 'dict-set-1k.py', 'dict-set-1k-sharedmap.js'],
    growth: SIZES,
  },
  {
    id: 'dict-increment',
    title: 'ManagerDict: add one (atomically; the peers read and write)',
    unit: 'ns',
    contenders: ['dict-increment.js', 'dict-increment.py', 'dict-increment-map.js'],
    growth: {
      ...AGENTS,
      contenders: ['crowd.js work=dict-increment', 'crowd.py work=dict-increment'],
    },
  },
  {
    id: 'dict-iterate',
    title: 'ManagerDict: iterate keys and values, per entry',
    unit: 'ns',
    contenders: ['dict-iterate.js', 'dict-iterate.py', 'dict-iterate-map.js'],
    growth: ENTRIES,
  },
  {
    id: 'dict-mix',
    title: 'ManagerDict: nine reads to a write, two processes at the same time, per call',
    unit: 'ns',
    contenders: ['crowd.js work=dict-mix', 'crowd.py work=dict-mix', 'dict-mix-sharedmap.js'],
    growth: AGENTS,
  },
];

export const names = {
  'dict-get.py': 'Python Manager().dict(), one client',
  'dict-get-sharedmap.js': 'SharedMap',
  'dict-get-map.js': 'plain Map in one thread',
  'dict-set.py': 'Python Manager().dict(), one client',
  'dict-set-sharedmap.js': 'SharedMap',
  'dict-set-map.js': 'plain Map in one thread',
  'dict-get-1k.py': 'Python Manager().dict(), one client',
  'dict-get-1k-sharedmap.js': 'SharedMap',
  'dict-set-1k.py': 'Python Manager().dict(), one client',
  'dict-set-1k-sharedmap.js': 'SharedMap',
  'dict-increment.py': 'Python Manager().dict(), d[k] += 1 (not atomic)',
  'dict-increment-map.js': 'plain Map in one thread',
  'dict-iterate.py': 'Python Manager().dict(), items()',
  'dict-iterate-map.js': 'plain Map in one thread',
  'dict-mix-sharedmap.js': 'SharedMap, threads only',
};
for (const work of ['dict-get', 'dict-set', 'dict-increment', 'dict-mix']) {
  names[`crowd.py work=${work}`] = 'Python Manager().dict(), spawn';
}
