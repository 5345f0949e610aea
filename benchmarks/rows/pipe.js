const row = (id, size, text) => ({
  id,
  title: `Pipe: ${text} of bytes, process to process, blocking form`,
  unit: 'µs',
  contenders: [
    `pipe-bytes.js size=${size}`,
    `pipe-bytes.py size=${size}`,
    `queue-post.js kind=${size}`,
  ],
});

export const rows = [
  {
    id: 'pipe',
    title: 'Pipe: one small number, process to process, blocking form',
    unit: 'ns',
    contenders: ['pipe.js', 'pipe.py', 'queue-post.js kind=int scale=1000'],
    budget: { peer: 'pipe.py', ratio: 0.125 },
    // In Python, several writers at one end garble what they send.
    growth: { parameter: 'agents', values: [1, 2, 4, 8], contenders: ['pipe.js'] },
  },
  {
    ...row('pipe-1k', 1024, '1 KiB'),
    growth: { parameter: 'size', values: [64, 1024, 16_384, 262_144, 4_194_304] },
  },
  { ...row('pipe-64k', 65_536, '64 KiB'), coveredBy: 'pipe-1k' },
  { ...row('pipe-8m', 8_388_608, '8 MiB'), coveredBy: 'pipe-1k' },
];

export const names = {
  'pipe.py': 'Python multiprocessing.Pipe, spawn',
  'queue-post.js kind=int scale=1000': 'postMessage from a worker',
  'pipe-bytes.py size=1024': 'Python multiprocessing.Pipe, spawn',
  'pipe-bytes.py size=65536': 'Python multiprocessing.Pipe, spawn',
  'pipe-bytes.py size=8388608': 'Python multiprocessing.Pipe, spawn',
};
