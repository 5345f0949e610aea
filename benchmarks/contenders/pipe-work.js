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
