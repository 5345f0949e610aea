import type { EventCount } from '@multiproc/core';

/**
 * Makes a step of the look by which an attempt learns whether its waiter has announced itself. The
 * explorer does not see plain reads: it would make this one together with the step before it.
 *
 * @param events - the class that the model explores
 *
 * @example
 * ```ts
 * import { lookAtomically } from '@multiproc/testing/model';
 *
 * export function setup(words, agent) {
 *   lookAtomically(agent.subject.EventCount);
 * }
 * ```
 */
export function lookAtomically(events: typeof EventCount): void {
  Object.defineProperty(events.prototype, 'isAnnounced', {
    configurable: true,
    get(this: EventCount) {
      return Atomics.load(this.memory.words, this.index + 1) !== 0;
    },
  });
}
