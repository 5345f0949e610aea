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

function awaiting(id, kind) {
  return {
    id,
    title: `Queue: ${KINDS[kind]} from process to process, awaiting form`,
    unit: 'µs',
    contenders: [
      `queue-one.js form=awaiting kind=${kind}`,
      `queue-one.py kind=${kind}`,
      `queue-post.js kind=${kind}`,
    ],
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

const CROWDS = { growth: { parameter: 'agents', values: [1, 2, 4, 8] } };

export const rows = [
  fromOne('queue-int', 'int', {
    budget: [
      { peer: 'queue-one.py kind=int', ratio: 0.125 },
      { peer: 'queue-post.js kind=int', ratio: 0.77 },
    ],
  }),
  awaiting('queue-int-async', 'int'),
  crowd('queue-int-crowd', 'int', CROWDS),
  fromOne('queue-object', 'object', {
    budget: { peer: 'queue-one.py kind=object', ratio: 0.143 },
  }),
  awaiting('queue-object-async', 'object'),
  crowd('queue-object-crowd', 'object', CROWDS),
  fromOne('queue-1k', 1024, {
    growth: {
      parameter: 'size',
      values: [64, 1024, 16_384, 262_144, 4_194_304],
      contenders: ['queue-one.js kind=1024', 'queue-one.py kind=1024', 'queue-post.js kind=1024'],
    },
  }),
  crowd('queue-1k-crowd', 1024),
  fromOne('queue-64k', 65_536),
  crowd('queue-64k-crowd', 65_536),
  {
    ...fromOne('queue-8m', 8_388_608),
    contenders: [
      'queue-one.js kind=8388608',
      'queue-one.js form=view kind=8388608',
      'queue-one.py kind=8388608',
      'queue-one.py form=simple kind=8388608',
      'queue-post.js kind=8388608',
      'queue-ipc.js kind=8388608',
    ],
  },
  crowd('queue-8m-crowd', 8_388_608),
  {
    id: 'queue-8m-get',
    title: 'Queue: get 8 MiB that are in the queue',
    unit: 'µs',
    contenders: ['queue-8m-get.js', 'queue-8m-slice.js'],
    budget: { peer: 'queue-8m-slice.js', ratio: 2 },
  },
  {
    id: 'queue-8m-view',
    title: 'Queue: put 8 MiB and get them with { view: true }',
    unit: 'µs',
    contenders: ['queue-8m-view.js', 'queue-8m-memcpy.js'],
    budget: { peer: 'queue-8m-memcpy.js', ratio: 3.33 },
  },
  {
    id: 'queue-backlog',
    title: 'Queue: put and get a small integer in one process, with a thousand in the queue',
    unit: 'ns',
    contenders: ['queue-backlog.js', 'queue-backlog.py'],
    growth: { parameter: 'items', values: [1, 1000, 1_000_000], contenders: ['queue-backlog.js'] },
  },
];

export const names = {
  'queue-backlog.py': 'Python multiprocessing.Queue, spawn',
  'queue-one.js form=view kind=8388608': 'multiproc, get({ view: true })',
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
