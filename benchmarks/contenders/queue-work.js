import { parameter } from './parameters.js';

/** What travels, by name. */
const MAKE = {
  int: (i) => i & 1023,
  object: (i) => ({ id: i, name: 'item', isDone: true }),
};

/** The kind that the command line asks for. */
export function wantedKind() {
  return parameter('size', '') || parameter('kind', 'int');
}

/** Item number `i` of a kind: `int`, `object`, or so many bytes. */
export function makeItem(kind) {
  if (MAKE[kind]) return MAKE[kind];
  const bytes = new Uint8Array(Number(kind)).fill(7);
  return () => bytes;
}

/** How many items of a kind are on their way at the most: large ones need not fill the memory. */
export function boundOf(kind) {
  return Number(kind) > 10_000 ? Math.max(4, 2 ** 23 / kind) : 0;
}

/** How many items of a kind make a run of a second or less. */
export function countFor(kind) {
  if (MAKE[kind]) return 400_000;
  return Math.max(60, Math.min(100_000, Math.floor(6e8 / kind)));
}

/** Puts items one by one. */
export function produce(queue, kind, count) {
  const make = makeItem(kind);
  for (let i = 0; i < count; i++) queue.putSync(make(i));
}

/** The same, awaiting. */
export async function produceAsync(queue, kind, count) {
  const make = makeItem(kind);
  for (let i = 0; i < count; i++) await queue.put(make(i));
}

/** Puts items when the gate opens. */
export function produceInCrowd(queue, { ready, gate }, kind, count) {
  ready.release();
  gate.acquireSync();
  produce(queue, kind, count);
}

/** Gets items one by one, and tells when it begins and ends. */
export function consumeInCrowd(queue, { ready, done }, count) {
  ready.release();
  for (let i = 0; i < count; i++) queue.getSync();
  done.release();
}
