import { type Attempt, EventCount, type Memory, type Owners } from '@multiproc/core';

/**
 * A node of the arena stands for one waiting call, and then for the notification that it got.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | STATE | 0: free | the holder of the lock, last of all that it writes here | own id |
 * | | id: a call of that agent waits | the holder of the lock, by compare-exchange | id + NOTIFIED |
 * | | | that agent, by compare-exchange, when it gives up | 0 |
 * | | | the holder of the lock, when the agent is dead | 0 |
 * | | id + NOTIFIED: that agent has a notification to act on | that agent, when it has the lock again | 0 |
 * | | | when the agent is dead, a waiting one by compare-exchange | own id + NOTIFIED |
 * | | | the same, when it finds that it has no use for it | NOTIFIED |
 * | | NOTIFIED: as if notified and dead | as there | |
 * | TICKET | number of the call: earlier calls have lower ones | the holder of the lock, while STATE is 0 | |
 * | SEEN | the first ticket that was not given out when the notification was made | the notifier, while STATE is an id | |
 * | SEQUENCE, WAITERS | event count of this call alone, so that exactly one is woken | `EventCount` | |
 *
 * The compare-exchange of STATE decides between a notification and a time-out. A notification
 * belongs to the node until the notified call has the lock again: if its agent dies before, a call
 * that was waiting when the notification was made takes the node over, by one store; so it is
 * neither lost nor doubled, wherever somebody is killed. Nodes lie still as long as the condition
 * lives, so they may be looked at without the lock.
 */
export const STATE = 0;
/** See {@link STATE}. */
export const TICKET = 1;
/** See {@link STATE}. */
export const SEEN = 2;
const EVENTS = 3;

/** Words of a node. */
export const NODE_WORDS = EVENTS + EventCount.WORDS;

/** Flag of STATE; no agent id reaches it. */
export const NOTIFIED = 1 << 30;

/** Whether a ticket was given out before another; they count modulo 2³². */
export function isEarlier(ticket: number, other: number): boolean {
  return ((ticket - other) | 0) < 0;
}

/** The words of one call that waits on its node. */
export function eventsOf(memory: Memory, node: number): EventCount {
  return new EventCount(memory, node + EVENTS);
}

/** One waiting call: succeeds when it has a notification, its own or one of a dead agent. */
export class WaitNode implements Attempt<true> {
  /** What the call waits on. */
  readonly events: EventCount;
  readonly #words: Int32Array;
  readonly #owners: Owners;
  readonly #nodes: () => readonly number[];
  readonly #ticket: number;
  /** Index of the node whose notification this call acts on. */
  #node: number;

  /**
   * @param memory - the family's memory
   * @param node - index of the node, which names this agent; made with the lock held
   * @param owners - who this agent is, and who is dead
   * @param nodes - indices of all nodes of the condition
   */
  constructor(memory: Memory, node: number, owners: Owners, nodes: () => readonly number[]) {
    this.#words = memory.words;
    this.#node = node;
    this.#owners = owners;
    this.#nodes = nodes;
    this.#ticket = memory.words[node + TICKET] as number;
    this.events = eventsOf(memory, node);
  }

  take(thorough: boolean): true | undefined {
    if (this.#isNotified()) return true;
    return thorough && this.#nodes().some((node) => this.#inherit(node)) ? true : undefined;
  }

  /**
   * Ends the wait, notified or not.
   *
   * @returns whether the call was notified; then `finish` must follow, with the lock held
   */
  withdraw(): boolean {
    return this.#isNotified() || !this.#exchange(this.#node, this.#owners.id, 0);
  }

  /** Uses the notification up: from now on nobody inherits it. */
  finish(): void {
    Atomics.store(this.#words, this.#node + STATE, 0);
  }

  #isNotified(): boolean {
    return Atomics.load(this.#words, this.#node + STATE) === (this.#owners.id | NOTIFIED);
  }

  /** Takes over the notification of a dead agent; `true` when this call has one afterwards. */
  #inherit(node: number): boolean {
    const state = Atomics.load(this.#words, node + STATE);
    if ((state & NOTIFIED) === 0) return false;
    const me = this.#owners.id;
    const heir = state & ~NOTIFIED;
    if (heir === me || !this.#mayInherit(node)) return false;
    if (heir !== 0 && !this.#owners.isDead(heir)) return false;
    if (!this.#exchange(node, state, me | NOTIFIED)) return false;
    // Looked at again, now that nobody else changes it: it may be another notification by now.
    const isMeant = this.#mayInherit(node);
    if (isMeant && this.#exchange(this.#node, me, 0)) {
      this.#node = node;
      return true;
    }
    // Notified itself meanwhile, or too late for this one: whoever looks next takes it.
    Atomics.store(this.#words, node + STATE, NOTIFIED);
    return isMeant;
  }

  #mayInherit(node: number): boolean {
    return isEarlier(this.#ticket, Atomics.load(this.#words, node + SEEN));
  }

  #exchange(node: number, from: number, to: number): boolean {
    const before = Atomics.compareExchange(this.#words, node + STATE, from, to);
    return before === from;
  }
}
