/** Sends small numbers until it has sent so many. */
export function sendNumbers(writer, ready, count) {
  ready.sendSync(true);
  for (let i = 0; i < count; i++) writer.sendSync(i & 127);
}

/** Sends the same plain bytes again and again. */
export function sendBytes(writer, ready, count, size) {
  const bytes = new Uint8Array(size).fill(7);
  ready.sendSync(true);
  for (let i = 0; i < count; i++) writer.sendBytesSync(bytes);
}

/** How many messages of so many bytes make a run of a second or less. */
export function countFor(size) {
  return Math.max(60, Math.min(100_000, Math.floor(6e8 / size)));
}
