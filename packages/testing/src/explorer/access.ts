/**
 * What one step of an agent touches, packed into a number: the word it is about, whether it
 * changes it, and whether it touches more than memory.
 *
 * | bits | content |
 * | --- | --- |
 * | 0 | WRITES: the word has another value after the step |
 * | 1 | BOUND: depends on the clock, the wait queues or deaths too |
 * | 2 and up | index of the word + 1, 0 for no word |
 */
export type Access = number;

/** A step that may touch everything: plain data under test, two words at once, a step without operation. */
export const ANYTHING: Access = -1;

const WRITES = 1;
const BOUND = 2;

/** An access to one word, or to none. */
export function accessOf(word: number | undefined, writes: boolean, isBound: boolean): Access {
  return ((word ?? -1) + 1) * 4 + (writes ? WRITES : 0) + (isBound ? BOUND : 0);
}

/** The same access, of a step that depends on more than its word. */
export function boundAccess(access: Access): Access {
  return access | BOUND;
}

/** The word, -1 for none; meaningless for {@link ANYTHING}. */
export function wordOf(access: Access): number {
  return (access >> 2) - 1;
}

/** Whether it changes the word. */
export function writes(access: Access): boolean {
  return (access & WRITES) !== 0;
}

/** Whether it touches one word of memory at most, so that it can be told what it commutes with. */
export function isMovable(access: Access): boolean {
  return (access & BOUND) === 0;
}

/** Whether the order of a movable step and a step of another agent makes no difference. */
export function commute(movable: Access, other: Access): boolean {
  if (other === ANYTHING) return false;
  if (wordOf(movable) !== wordOf(other)) return true;
  return !writes(movable) && !writes(other);
}
