import { ManagerDict } from '@multiproc/manager-dict';
import SharedMap from 'sharedmap';
import { parameter } from './parameters.js';

export const ENTRIES = parameter('entries', 1000);

const KEYS = Array.from({ length: Math.min(ENTRIES, 100_000) }, (_, i) => `key-${keyNumber(i)}`);

/** Spread over all entries, however many there are, in no order that they were made in. */
function keyNumber(i) {
  return (i * 7919) % ENTRIES;
}

/** A key like those of most dictionaries; the same number gives the same text object. */
export function keyAt(i) {
  return KEYS[i % KEYS.length];
}

const SIZE = parameter('size', 1024);
export const TEXT = 'x'.repeat(SIZE);

/** How many rounds with such a text make a run of a second or less. */
export const textRounds = (most) => Math.max(2000, Math.min(most, Math.floor(2e8 / SIZE)));

function fill(map, value) {
  for (let i = 0; i < ENTRIES; i++) map.set(`key-${i}`, value);
  return map;
}

export const makeDict = (value) => fill(new ManagerDict(), value);
export const makeMap = (value) => fill(new Map(), value);
/** Its lengths are fixed when it is made; it knows texts and numbers. */
export const makeSharedMap = (value) =>
  fill(new SharedMap(ENTRIES * 2, 16, String(value).length + 8), value);

/** Nanoseconds a round, after one that warms up. */
export function perRound(rounds, run) {
  run(rounds);
  const start = performance.now();
  run(rounds);
  return ((performance.now() - start) / rounds) * 1e6;
}

/** Kept, so that no engine leaves the reading out. */
export let sum = 0;

export function measureGet(map, rounds = 500_000) {
  return perRound(rounds, (count) => {
    for (let i = 0; i < count; i++) if (map.get(keyAt(i)) !== undefined) sum++;
  });
}

export function measureSet(map, value, rounds = 300_000) {
  return perRound(rounds, (count) => {
    for (let i = 0; i < count; i++) map.set(keyAt(i), value ?? i);
  });
}

/** Per entry. */
export function measureIterate(map) {
  const times = Math.max(1, Math.floor(200_000 / ENTRIES));
  const all = perRound(times, (count) => {
    for (let i = 0; i < count; i++) for (const [key] of map) sum += key.length;
  });
  return all / ENTRIES;
}

/** Nine of ten calls read. */
export function mix(map, rounds) {
  for (let i = 0; i < rounds; i++) {
    if (i % 10 === 0) map.set(keyAt(i), i);
    else if (map.get(keyAt(i)) !== undefined) sum++;
  }
}
