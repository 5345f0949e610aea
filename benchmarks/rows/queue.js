/** What travels, how it is called in titles, and what else carries it. */
const KINDS = {
  int: 'one small integer',
  object: 'one small object',
  1024: '1 KiB',
  65536: '64 KiB',
  8388608: '8 MiB',
};

function fromOne(id, kind, more = {}) {
  return {
    id,
    title: `Queue: ${KINDS[kind]} from process to process, blocking form`,
    unit: 'µs',
    contenders: ['one.js', 'one.py', 'one.py form=simple', 'post.js', 'ipc.js'].map(
      (program) => `queue-${program} kind=${kind}`,
    ),
    ...more,
  };
}

function awaiting(id, kind, more) {
  return {
    id,
    title: `Queue: ${KINDS[kind]} from process to process, awaiting form`,
    unit: 'µs',
    contenders: [
      `queue-one.js form=awaiting kind=${kind}`,
      `queue-one.py kind=${kind}`,
      `queue-post.js kind=${kind}`,
    ],
    ...more,
  };
}

function crowd(id, kind, more = {}) {
  return {
    id,
    title: `Queue: ${KINDS[kind]}, four processes to four`,
    unit: 'µs',
    contenders: [`queue-crowd.js kind=${kind}`, `queue-crowd.py kind=${kind}`],
    ...more,
  };
}

const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };
const SIZES = { parameter: 'size', values: [64, 1024, 16_384, 262_144, 4_194_304] };
/** Of the copies that are made within one process. */
const LARGE = { parameter: 'size', values: [65_536, 1_048_576, 8_388_608, 67_108_864] };

export const rows = [
  fromOne('queue-int', 'int', {
    budget: [
      { peer: 'queue-one.py kind=int', ratio: 0.125 },
      { peer: 'queue-post.js kind=int', ratio: 0.77 },
    ],
    coveredBy: 'queue-int-crowd',
  }),
  awaiting('queue-int-async', 'int', {
    growth: {
      ...AGENTS,
      contenders: ['queue-crowd.js form=awaiting kind=int', 'queue-crowd.py kind=int'],
    },
  }),
  crowd('queue-int-crowd', 'int', { growth: AGENTS }),
  fromOne('queue-object', 'object', {
    budget: { peer: 'queue-one.py kind=object', ratio: 0.143 },
    coveredBy: 'queue-object-crowd',
  }),
  awaiting('queue-object-async', 'object', { coveredBy: 'queue-int-async' }),
  crowd('queue-object-crowd', 'object', { growth: AGENTS }),
  fromOne('queue-1k', 1024, {
    growth: {
      ...SIZES,
      contenders: ['queue-one.js kind=1024', 'queue-one.py kind=1024', 'queue-post.js kind=1024'],
    },
  }),
  crowd('queue-1k-crowd', 1024, { growth: [AGENTS, SIZES] }),
  fromOne('queue-64k', 65_536, { coveredBy: 'queue-1k' }),
  crowd('queue-64k-crowd', 65_536, { growth: AGENTS }),
  {
    ...fromOne('queue-8m', 8_388_608, { coveredBy: 'queue-1k' }),
    contenders: [
      'queue-one.js kind=8388608',
      'queue-one.js form=view kind=8388608',
      'queue-one.py kind=8388608',
      'queue-one.py form=simple kind=8388608',
      'queue-post.js kind=8388608',
      'queue-ipc.js kind=8388608',
    ],
  },
  crowd('queue-8m-crowd', 8_388_608, { coveredBy: 'queue-1k-crowd' }),
  {
    id: 'queue-8m-get',
    title: 'Queue: get 8 MiB that are in the queue',
    unit: 'µs',
    contenders: ['queue-8m-get.js', 'queue-8m-slice.js'],
    budget: { peer: 'queue-8m-slice.js', ratio: 2 },
    growth: LARGE,
  },
  {
    id: 'queue-8m-view',
    title: 'Queue: put 8 MiB and get them with { view: true }',
    unit: 'µs',
    contenders: ['queue-8m-view.js', 'queue-8m-memcpy.js'],
    budget: { peer: 'queue-8m-memcpy.js', ratio: 3.33 },
    growth: LARGE,
  },
  {
    id: 'queue-backlog',
    title: 'Queue: put and get a small integer in one process, with a thousand in the queue',
    unit: 'ns',
    contenders: ['queue-backlog.js', 'queue-backlog.py'],
    growth: { parameter: 'items', values: [1, 1000, 1_000_000] },
  },
  {
    id: 'queue-fairness',
    title:
      'Queue: mean share of two processes that get / share of the least served, after one second',
    unit: '×',
    contenders: ['fairness.js of=queue', 'fairness.py of=queue'],
    growth: { ...AGENTS, rounds: 2 },
  },
];

export const names = {
  'queue-backlog.py': 'Python multiprocessing.Queue, spawn',
  'queue-one.js form=view kind=8388608': 'multiproc, get({ view: true })',
  'queue-crowd.js form=awaiting kind=int': 'multiproc, awaiting form',
  'fairness.py of=queue': 'Python multiprocessing.Queue, spawn',
  'queue-8m-memcpy.js': 'floor: copying into an array that is there',
  'queue-8m-slice.js': 'floor: slice()',
};
for (const kind of Object.keys(KINDS)) {
  names[`queue-one.py kind=${kind}`] = 'Python multiprocessing.Queue, spawn';
  names[`queue-one.py form=simple kind=${kind}`] = 'Python multiprocessing.SimpleQueue, spawn';
  names[`queue-crowd.py kind=${kind}`] = 'Python multiprocessing.Queue, spawn';
  names[`queue-post.js kind=${kind}`] = 'postMessage from a worker';
  names[`queue-ipc.js kind=${kind}`] = 'child_process IPC, advanced serialization';
}
