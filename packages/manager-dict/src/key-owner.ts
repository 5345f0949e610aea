import { CELL } from './layout.js';
import type { DictAgent } from './stripe-locks.js';

/** Somebody else computes the value of the key: nothing was changed. */
export const BUSY = -1;
/** This agent computes the value of the key: nothing was changed. */
export const MINE = -2;

/**
 * Whether somebody computes the value of a key; one who has died no longer does. Caller holds the
 * lock of the stripe.
 *
 * @param cell - index of the key's cell, 0 for none
 * @param thorough - also ask the operating system whether the owner has died
 * @returns 0, BUSY or MINE
 */
export function ownership(
  words: Int32Array,
  agent: DictAgent,
  cell: number,
  thorough: boolean,
): number {
  if (cell === 0) return 0;
  const owner = words[cell + CELL.OWNER] as number;
  if (owner === 0) return 0;
  if (owner === agent.id) return MINE;
  const isDead = agent.isGone(owner) || (thorough && agent.isDead(owner));
  if (!isDead) return BUSY;
  Atomics.store(words, cell + CELL.OWNER, 0);
  return 0;
}
