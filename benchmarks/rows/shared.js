const AGENTS = { parameter: 'agents', values: [1, 2, 4, 8] };

export const rows = [
  {
    id: 'value',
    title: 'Value: add one to a 64-bit integer under its lock',
    unit: 'ns',
    contenders: ['value-locked.js', 'value-locked.py'],
    growth: { ...AGENTS, contenders: ['crowd.js work=value', 'crowd.py work=value'] },
  },
  {
    id: 'value-atomic',
    title: 'Value: add one to a 32-bit integer atomically (Python: under its lock)',
    unit: 'ns',
    contenders: ['value-atomic.js', 'value-locked.py', 'value-atomic-raw.js'],
    growth: { ...AGENTS, contenders: ['crowd.js work=value-atomic', 'crowd.py work=value'] },
  },
  {
    id: 'array-write',
    title: 'SharedArray: write an element of 8 bytes through `data`',
    unit: 'ns',
    contenders: ['array-write.js', 'array-write-plain.js', 'array-write.py'],
    growth: { parameter: 'items', values: [1000, 100_000, 10_000_000] },
  },
];

export const names = {
  'value-locked.py': 'Python multiprocessing.Value, with v.get_lock(): v.value += 1',
  'value-atomic-raw.js': 'floor: Atomics.add on an own SharedArrayBuffer',
  'crowd.py work=value': 'Python multiprocessing.Value, with v.get_lock(): v.value += 1, spawn',
  'array-write-plain.js': 'plain Float64Array',
  'array-write.py': 'Python multiprocessing.RawArray',
};
