import { closeSync, openSync, readSync } from 'node:fs';
import { pidNamespace } from '../agents/identity.js';
import { FamilyError } from '../errors.js';
import { HEADER, LAYOUT_VERSION, MAGIC } from '../memory/layout.js';
import type { Native } from '../memory/native.js';
import type { ProcessMemory } from '../memory/process-memory.js';
import { statusOf } from '../memory/status-of.js';
import { currentFamily } from './family.js';

const VARIABLE = 'MULTIPROC_FAMILY';

const HEADER_BYTES = 64;

/**
 * Environment variables that make a Node process of your own join this family: one from
 * `child_process.fork`, `cluster.fork`, or any other. Processes that `Process` starts need none.
 *
 * The process joins when it first uses a shared object; this process must be running then. A
 * program that gets the variables by accident and has another version of core, or comes after
 * the family has ended, founds a family of its own.
 *
 * Python counterpart: none; there only children of `multiprocessing` share objects.
 *
 * @returns variables to add to the environment of the process
 * @throws {@link FamilyError} (`ERR_FAMILY`) when the family's memory reaches only threads
 *
 * @example
 * ```ts
 * import { familyEnv } from '@multiproc/core';
 *
 * console.log(Object.keys(familyEnv())); // → [ 'MULTIPROC_FAMILY' ]
 * ```
 */
export function familyEnv(): Record<string, string> {
  const { memory, id, size } = currentFamily();
  if (memory.kind !== 'process') {
    throw new FamilyError('this family has thread memory, which no other process can share');
  }
  const { fd } = memory as ProcessMemory;
  return { [VARIABLE]: [LAYOUT_VERSION, process.pid, fd, size, id].join(':') };
}

/**
 * The family's file that the environment offers to this process.
 *
 * @returns its descriptor and the size of the memory; `undefined` when there is no offer, or none
 *   that this copy of core can take
 */
export function acceptOffer(native: Native): { fd: number; size: number } | undefined {
  const [version, pid, number, size, id] = (process.env[VARIABLE] ?? '').split(':');
  if (version !== String(LAYOUT_VERSION)) return undefined;
  let opened: number;
  try {
    opened = openSync(`/proc/${pid}/fd/${number}`, 'r+');
  } catch {
    return undefined;
  }
  try {
    // The process may have ended, and its number and its descriptor be another's by now.
    if (!isFamily(opened, id)) return undefined;
    // Node closes what a worker opened when that ends, but the file must stay open.
    return { fd: native.duplicate(opened), size: Number(size) };
  } finally {
    closeSync(opened);
  }
}

function isFamily(fd: number, id: string | undefined): boolean {
  if (!statusOf(fd).isFile) return false;
  const bytes = Buffer.alloc(HEADER_BYTES);
  if (readSync(fd, bytes, 0, HEADER_BYTES, 0) !== HEADER_BYTES) return false;
  const word = (index: number) => bytes.readInt32LE(index * 4);
  return (
    word(HEADER.MAGIC) === MAGIC &&
    word(HEADER.VERSION) === LAYOUT_VERSION &&
    word(HEADER.PID_NAMESPACE) === pidNamespace() &&
    bytes.toString('hex', HEADER.FAMILY * 4, HEADER.FAMILY * 4 + 8) === id
  );
}
