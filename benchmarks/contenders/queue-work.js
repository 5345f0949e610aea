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

/** What an item costs at first is no measure of what it costs later. */
export function warmUpOf(count) {
  return Math.ceil(count / 10);
}

/** Warms up, says so, and puts items when the gate opens. */
export async function produceInCrowd(queue, { ready, gate, isAwaiting }, kind, count) {
  const put = isAwaiting ? produceAsync : produce;
  await put(queue, kind, warmUpOf(count));
  ready.release();
  gate.acquireSync();
  await put(queue, kind, count);
}

/** Gets as many items as one of the others puts. At the gate all have had their warm-up. */
export async function consumeInCrowd(queue, { ready, gate, done, isAwaiting }, count) {
  const get = isAwaiting ? consumeAsync : consume;
  await get(queue, warmUpOf(count));
  ready.release();
  gate.acquireSync();
  await get(queue, count);
  done.release();
}

/** Gets items one by one. */
function consume(queue, count) {
  for (let i = 0; i < count; i++) queue.getSync();
}

/** The same, awaiting. */
async function consumeAsync(queue, count) {
  for (let i = 0; i < count; i++) await queue.get();
}
