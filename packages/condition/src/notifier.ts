import type { EventCount, Ringer } from '@multiproc/core';
import type { ConditionLock } from './condition-lock.js';
import type { WaitQueue } from './wait-queue.js';

/**
 * Notifies for one agent. The notified are woken when the lock is free: woken earlier, they would
 * only go to sleep again, waiting for it. An agent that dies in between has notified and wakes
 * nobody; the notified find that out at the end of a slice.
 */
export class Notifier {
  readonly #queue: WaitQueue;
  readonly #lock: ConditionLock<unknown>;
  readonly #ringer: Ringer;
  readonly #wake = () => this.wake();
  /** What the notified wait on, as long as they are not woken. */
  #notified: EventCount[] = [];

  /**
   * @param queue - the calls that wait
   * @param lock - held whenever somebody is notified
   * @param ringer - wakes awaiting agents
   */
  constructor(queue: WaitQueue, lock: ConditionLock<unknown>, ringer: Ringer) {
    this.#queue = queue;
    this.#lock = lock;
    this.#ringer = ringer;
  }

  /**
   * Notifies the calls that have waited longest.
   *
   * @param count - how many at the most
   */
  notify(count: number): void {
    const isFirst = this.#notified.length === 0;
    for (const events of this.#queue.notify(count)) this.#notified.push(events);
    if (isFirst && this.#notified.length > 0) this.#lock.whenReleased(this.#wake);
  }

  /** Wakes who was notified; needed before the lock's release only when the words go away. */
  wake(): void {
    const notified = this.#notified;
    this.#notified = [];
    for (const events of notified) events.wake(this.#ringer, false);
  }
}
