/** What travels, by name. */
const MAKE = {
  int: (i) => i & 1023,
  object: (i) => ({ id: i, name: 'item', isDone: true }),
};

/** Item number `i` of a kind: `int`, `object`, or so many bytes. */
export function makeItem(kind) {
  if (MAKE[kind]) return MAKE[kind];
  const bytes = new Uint8Array(kind).fill(7);
  return () => bytes;
}

/** How many items of a kind are on their way at the most: large ones need not fill the memory. */
export function boundOf(kind) {
  return typeof kind === 'number' && kind > 10_000 ? Math.max(4, 2 ** 23 / kind) : 0;
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

/** Gets items one by one, and tells when it begins and ends. */
export function consume(queue, done, count) {
  done.putSync('ready');
  for (let i = 0; i < count; i++) queue.getSync();
  done.putSync('done');
}
