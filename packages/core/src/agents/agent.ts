import { isMainThread } from 'node:worker_threads';
import type { Memory } from '../memory/memory.js';
import type { ProcessMemory } from '../memory/process-memory.js';
import type { Sleeper } from '../waiting/block.js';
import type { Owners } from '../waiting/mutex-word.js';
import type { Awaiter } from '../waiting/pending.js';
import { Pending } from '../waiting/pending.js';
import type { AgentTable } from './agent-table.js';
import type { Doorbell } from './doorbell.js';
import { PipeDoorbell } from './pipe-doorbell.js';
import { bitOf, FLAG, placeOf, SLOT } from './slot.js';
import { ThreadDoorbell } from './thread-doorbell.js';

/**
 * Time slices of a blocking wait, in milliseconds. They bound how long a death goes unnoticed,
 * and how long a thread cannot be terminated. Slices of 50 ms cost 0.25 % of a core.
 */
const MAIN_SLICE = 100;
const WORKER_SLICE = 50;

/** The calling thread as a member of its family: who it is, and what it waits for. */
export class Agent implements Owners, Sleeper, Awaiter {
  /** Names this agent in lock words: place and generation. Never 0. */
  readonly id: number;
  readonly bit: number;
  readonly slice = isMainThread ? MAIN_SLICE : WORKER_SLICE;
  readonly spins: number;
  /** The calls of this agent that await. */
  readonly pending: Pending;
  readonly #table: AgentTable;
  readonly #doorbell: Doorbell;

  /**
   * @param memory - the family's memory
   * @param table - the agents of the family
   * @param id - this agent's id, claimed before
   */
  constructor(memory: Memory, table: AgentTable, id: number) {
    this.id = id;
    this.bit = bitOf(placeOf(id));
    this.spins = memory.spins;
    this.#table = table;
    this.pending = new Pending(this);
    const onRing = () => this.pending.serve();
    this.#doorbell =
      memory.kind === 'process'
        ? new PipeDoorbell(memory as ProcessMemory, table, id, onRing)
        : new ThreadDoorbell(memory, id, onRing);
  }

  isGone(id: number): boolean {
    return this.#table.isGone(id);
  }

  isDead(id: number): boolean {
    return this.#table.isDead(id);
  }

  ring(mask: number): void {
    for (const id of this.#table.tenants(mask)) {
      if (id === this.id) this.pending.poke();
      // By exchange: of several ringers one rings, and a late one cannot disarm the next tenant.
      else if (this.#table.exchange(id, SLOT.ARMED, id, 0)) this.#doorbell.ring(id);
    }
  }

  arm(): void {
    this.#doorbell.listen();
    this.#table.set(this.id, SLOT.ARMED, this.id);
  }

  /** What `sleepUntilRung` compares with: read before `arm`. */
  get rings(): number {
    return this.#doorbell.rings;
  }

  /** Blocks until this agent is rung, for a slice at the most: see `Doorbell.sleep`. */
  sleepUntilRung(rings: number, milliseconds: number): void {
    this.#doorbell.sleep(rings, milliseconds);
  }

  waitingOn(index: number): void {
    this.#table.set(this.id, SLOT.WAITING_ON, index);
  }

  checkParent(): void {
    if ((this.#table.get(this.id, SLOT.FLAGS) & FLAG.DAEMON) === 0 || !isMainThread) return;
    const parent = this.#table.get(this.id, SLOT.PARENT);
    if (this.#table.isDead(parent)) process.kill(process.pid, 'SIGKILL');
  }

  /** Forgets what was kept about an agent that is gone. */
  forget(id: number): void {
    this.#doorbell.forget(id);
  }

  /** Stops listening for rings. */
  close(): void {
    this.#doorbell.close();
  }
}
