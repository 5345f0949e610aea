import { randomBytes } from 'node:crypto';

/** A name that nobody has thought of. Whether it is free is found out by using it. */
export function randomName(): string {
  return `psm_${randomBytes(4).toString('hex')}`;
}
