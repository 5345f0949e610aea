import {
  ABANDONED,
  type Arena,
  block,
  EventCount,
  MutexWord,
  type Owners,
  type Sleeper,
} from '@multiproc/core';
import { STRIPE, STRIPES, stripeAt } from './layout.js';

/** What a dictionary has to know about the agent that uses it. */
export type DictAgent = Sleeper & Owners;

const WAIT_FOREVER = {};

/** What agents wait on in a stripe. */
interface Stripe {
  readonly mutex: MutexWord;
  readonly changes: EventCount;
}

/** The locks and event counts of the stripes. */
export class StripeLocks {
  readonly #arena: Arena;
  readonly #agent: DictAgent;
  readonly #content: number;
  readonly #repair: (stripe: number) => void;
  readonly #stripes: Stripe[] = [];

  /**
   * @param arena - where the dictionary is
   * @param agent - who locks
   * @param content - index of the dictionary's first word
   * @param repair - called with the lock held, when its owner had died with it
   */
  constructor(arena: Arena, agent: DictAgent, content: number, repair: (stripe: number) => void) {
    this.#arena = arena;
    this.#agent = agent;
    this.#content = content;
    this.#repair = repair;
  }

  /**
   * Takes a stripe's lock, which is held for microseconds: no code of the user's runs under it. Blocks
   * the thread even inside asynchronous methods; `block` notices an owner that has died.
   */
  lock(stripe: number): void {
    const { mutex } = this.#stripes[stripe] ?? this.#make(stripe);
    if (mutex.takeFree()) return;
    this.#lockLater(stripe, mutex);
  }

  #lockLater(stripe: number, mutex: MutexWord): void {
    const grant = block(this.#agent, mutex.events, mutex, WAIT_FOREVER);
    if (grant === ABANDONED) this.#repair(stripe);
  }

  /** Gives it back. */
  unlock(stripe: number): void {
    (this.#stripes[stripe] as Stripe).mutex.release();
  }

  /** Takes all of them; always in the same order, so that two agents cannot wait for each other. */
  lockAll(): void {
    for (let stripe = 0; stripe < STRIPES; stripe++) this.lock(stripe);
  }

  /** Gives all of them back. */
  unlockAll(): void {
    for (let stripe = 0; stripe < STRIPES; stripe++) this.unlock(stripe);
  }

  /** Whether the lock's owner, if there is one, has died: then the counts may be wrong. */
  isAbandoned(stripe: number): boolean {
    const index = this.#content + stripeAt(stripe) + STRIPE.LOCK;
    if (Atomics.load(this.#arena.memory.words, index) === 0) return false;
    const { owner } = (this.#stripes[stripe] ?? this.#make(stripe)).mutex;
    return owner !== 0 && owner !== this.#agent.id && this.#agent.isDead(owner);
  }

  /** What is woken after every change of a key of the stripe. */
  changes(stripe: number): EventCount {
    return (this.#stripes[stripe] ?? this.#make(stripe)).changes;
  }

  /**
   * Tells everybody who waits for a change of a key of a stripe, which this agent has locked before.
   * Costs one load when nobody does.
   */
  wake(stripe: number): void {
    (this.#stripes[stripe] as Stripe).changes.wake(this.#agent, true);
  }

  #make(stripe: number): Stripe {
    const { memory } = this.#arena;
    const index = this.#content + stripeAt(stripe);
    const made = {
      mutex: new MutexWord(memory, index + STRIPE.LOCK, this.#agent),
      changes: new EventCount(memory, index + STRIPE.CHANGES),
    };
    this.#stripes[stripe] = made;
    return made;
  }
}
