import { closeSync, openSync, readSync } from 'node:fs';

const DEVICE = '/dev/urandom';

/**
 * Random bytes, good enough for keys. From the kernel where it offers them as a file: to load `node:crypto` for a few
 * takes milliseconds of the start-up of every program.
 *
 * @param length - how many, at the most 256
 */
export function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (!readDevice(bytes)) process.getBuiltinModule('node:crypto').randomFillSync(bytes);
  return bytes;
}

function readDevice(bytes: Uint8Array): boolean {
  let fd: number;
  try {
    fd = openSync(DEVICE, 'r');
  } catch {
    return false;
  }
  try {
    return readSync(fd, bytes) === bytes.length;
  } finally {
    closeSync(fd);
  }
}
