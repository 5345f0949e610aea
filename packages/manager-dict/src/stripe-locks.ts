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

/** The locks and event counts of the stripes. */
export class StripeLocks {
  readonly #arena: Arena;
  readonly #agent: DictAgent;
  readonly #content: number;
  readonly #repair: (stripe: number) => void;
  readonly #locks: MutexWord[] = [];
  readonly #changes: EventCount[] = [];

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
    const mutex = this.#locks[stripe] ?? this.#makeLock(stripe);
    if (mutex.takeFree()) return;
    const grant = block(this.#agent, mutex.events, mutex, WAIT_FOREVER);
    if (grant === ABANDONED) this.#repair(stripe);
  }

  /** Gives it back. */
  unlock(stripe: number): void {
    (this.#locks[stripe] as MutexWord).release();
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
    const { owner } = this.#locks[stripe] ?? this.#makeLock(stripe);
    return owner !== 0 && owner !== this.#agent.id && this.#agent.isDead(owner);
  }

  /** What is woken after every change of a key of the stripe. */
  changes(stripe: number): EventCount {
    const made = this.#changes[stripe];
    if (made) return made;
    const index = this.#content + stripeAt(stripe) + STRIPE.CHANGES;
    const changes = new EventCount(this.#arena.memory, index);
    this.#changes[stripe] = changes;
    return changes;
  }

  /** Tells everybody who waits for a change of a key of the stripe. Costs one load when nobody does. */
  wake(stripe: number): void {
    this.changes(stripe).wake(this.#agent, true);
  }

  #makeLock(stripe: number): MutexWord {
    const index = this.#content + stripeAt(stripe) + STRIPE.LOCK;
    const mutex = new MutexWord(this.#arena.memory, index, this.#agent);
    this.#locks[stripe] = mutex;
    return mutex;
  }
}
