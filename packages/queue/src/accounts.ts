import {
  type Agent,
  type Arena,
  type Channel,
  EventCount,
  type Family,
  type Ledger,
  MutexWord,
  OWNED,
  withMutex,
  writeBranch,
} from '@multiproc/core';
import { TaskDoneTooOftenError } from './errors.js';
import { warnAbandoned } from './warn-abandoned.js';

const CHUNKS = 0;
const LOCK = 1;
const FINISHED = 6;
const WORDS = 8;

const OLDER = 2;
const FIRST = 4;
const ID = 0;
const TAKEN = 1;
const DONE = 2;
const RECORD_WORDS = 4;
/** Records of a chunk, which fills 512 bytes. */
const RECORDS = 31;
const CHUNK_WORDS = FIRST + RECORDS * RECORD_WORDS;

/**
 * Who has taken how many items of a channel, and has said of how many that they are done: an item
 * is unfinished while it is in the channel or on somebody's account.
 *
 * | word | what | who changes it |
 * | --- | --- | --- |
 * | CHUNKS | 0, or the newest chunk as an owned word | holder of LOCK |
 * | LOCK | | `MutexWord` |
 * | FINISHED | event count: woken when nothing may be unfinished any more | `EventCount` |
 *
 * | word of a chunk | what |
 * | --- | --- |
 * | 0, 1 | branch header: OLDER |
 * | OLDER | 0, or the chunk made before it as an owned word |
 * | from FIRST on | records of 4 words: ID, TAKEN, DONE |
 *
 * | word of a record | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | ID | 0: unused | holder of LOCK, when the others are 0 | own agent id |
 * | | id | whoever finds that agent dead, by compare-exchange | 0 |
 * | TAKEN | how many items the agent took | the agent, before HEAD | + 1 |
 * | DONE | how often the agent called `taskDone` | the agent | + 1 |
 *
 * TAKEN rises before the item leaves the channel: for a moment it counts twice, and never not at
 * all. What a dead agent had taken and not done is done by nobody, so its account is closed. One of
 * an agent that did what others had taken stays, since it makes up for theirs.
 */
export class Accounts implements Ledger {
  /** Words that accounts need, all zero at first. */
  static readonly WORDS = WORDS;
  /** Which of them is owned. */
  static readonly OWNED = CHUNKS;

  /** Woken when nothing may be unfinished any more. */
  readonly finished: EventCount;
  readonly #arena: Arena;
  readonly #agent: Agent;
  readonly #words: Int32Array;
  readonly #index: number;
  readonly #lock: MutexWord;
  /** Index of this agent's record. */
  readonly #own: number;

  /**
   * Opens this agent's account, if it has none.
   *
   * @param family - where it lies
   * @param index - index of the first of its words
   * @throws ArenaFullError
   */
  constructor({ arena, agent }: Family, index: number) {
    this.#arena = arena;
    this.#agent = agent;
    this.#words = arena.memory.words;
    this.#index = index;
    this.#lock = new MutexWord(arena.memory, index + LOCK, agent);
    this.finished = new EventCount(arena.memory, index + FINISHED);
    this.#own = withMutex(agent, this.#lock, () => this.#open());
  }

  taking(): void {
    Atomics.add(this.#words, this.#own + TAKEN, 1);
  }

  taken(): void {}

  /**
   * Says that one item is done.
   *
   * @throws TaskDoneTooOftenError when none is unfinished
   */
  done(channel: Channel): void {
    // What this agent has taken itself is certainly unfinished: no need to look at the others.
    if (this.#balance(this.#own) > 0) Atomics.add(this.#words, this.#own + DONE, 1);
    else withMutex(this.#agent, this.#lock, () => this.#doneForOthers(channel));
    if (channel.size === 0) this.finished.wake(this.#agent, true);
  }

  /** Whether no item is unfinished: exact at one moment during the call. */
  isFinished(channel: Channel): boolean {
    return channel.size === 0 && this.#count(channel) <= 0;
  }

  /** Closes the accounts of agents that have ended. Costs system calls. */
  closeDead(): void {
    for (const record of this.#records()) {
      const id = Atomics.load(this.#words, record + ID);
      if (id === 0 || id === this.#agent.id || !this.#agent.isDead(id)) continue;
      const lost = this.#balance(record);
      if (lost < 0) continue;
      if (Atomics.compareExchange(this.#words, record + ID, id, 0) !== id || lost === 0) continue;
      warnAbandoned(lost);
      this.finished.wake(this.#agent, true);
    }
  }

  #doneForOthers(channel: Channel): void {
    if (this.#count(channel) <= 0) {
      throw new TaskDoneTooOftenError(
        'taskDone() was called more often than items were put into the queue',
      );
    }
    Atomics.add(this.#words, this.#own + DONE, 1);
  }

  /** How many items are unfinished. */
  #count(channel: Channel): number {
    // Loops until nobody put or took meanwhile: then accounts only shrank while they were added up,
    // and the sum is at least what it is at the end.
    for (;;) {
      const { tail, head } = channel;
      let count = (tail - head) | 0;
      for (const record of this.#records()) {
        if (Atomics.load(this.#words, record + ID) !== 0) count += this.#balance(record);
      }
      if (channel.tail === tail && channel.head === head) return count;
    }
  }

  #balance(record: number): number {
    const done = Atomics.load(this.#words, record + DONE);
    return (Atomics.load(this.#words, record + TAKEN) - done) | 0;
  }

  /** Index of this agent's record: an old one of its own, an unused one, or a new one. */
  #open(): number {
    let unused = 0;
    this.closeDead();
    for (const record of this.#records()) {
      const id = Atomics.load(this.#words, record + ID);
      if (id === this.#agent.id) return record;
      if (id === 0) unused = record;
    }
    const record = unused || this.#addChunk();
    Atomics.store(this.#words, record + TAKEN, 0);
    Atomics.store(this.#words, record + DONE, 0);
    // Last: publishes the account to #count.
    Atomics.store(this.#words, record + ID, this.#agent.id);
    return record;
  }

  #addChunk(): number {
    const block = this.#arena.allocate(CHUNK_WORDS * 4);
    const chunk = block / 4;
    this.#words.fill(0, chunk, chunk + CHUNK_WORDS);
    this.#words[chunk + OLDER] = Atomics.load(this.#words, this.#index + CHUNKS);
    writeBranch(this.#words, chunk, { count: 1, first: OLDER });
    Atomics.store(this.#words, this.#index + CHUNKS, block | OWNED.BRANCH);
    return chunk + FIRST;
  }

  *#records(): Generator<number> {
    let owned = Atomics.load(this.#words, this.#index + CHUNKS);
    while (owned !== 0) {
      const chunk = (owned & ~7) / 4;
      for (let record = 0; record < RECORDS; record++) yield chunk + FIRST + record * RECORD_WORDS;
      owned = this.#words[chunk + OLDER] as number;
    }
  }
}
