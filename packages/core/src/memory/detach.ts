type Transfer = (this: ArrayBuffer, length: number) => ArrayBuffer;

let transfer: Transfer | undefined;

/**
 * Takes the memory away from a buffer: its views have no elements from now on, and their methods
 * throw a TypeError. The memory itself is not touched.
 *
 * @param buffer - made by `Memory.region`
 * @returns `false` for a SharedArrayBuffer, which cannot be detached
 */
export function detach(buffer: ArrayBufferLike): boolean {
  if (buffer instanceof SharedArrayBuffer) return false;
  transfer ??= findTransfer();
  // To an empty one: the engine counts the memory of a buffer as its own until it is collected, and
  // would collect garbage all the time where large ones come and go.
  transfer.call(buffer as ArrayBuffer, 0);
  return true;
}

/**
 * Node 20 has `ArrayBuffer.prototype.transfer` behind a flag of V8, which is read when a context is
 * made. Its transfer lists copy a buffer of foreign memory and leave the original as it was.
 */
function findTransfer(): Transfer {
  const { transfer: own } = ArrayBuffer.prototype as { transfer?: Transfer };
  if (own) return own;
  // Not imported: hardly any agent needs them, and each would load them.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  const { runInNewContext } = process.getBuiltinModule('node:vm');
  setFlagsFromString('--harmony-rab-gsab-transfer');
  try {
    return runInNewContext('ArrayBuffer.prototype.transfer') as Transfer;
  } finally {
    setFlagsFromString('--no-harmony-rab-gsab-transfer');
  }
}
