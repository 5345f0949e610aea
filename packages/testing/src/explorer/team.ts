import { availableParallelism } from 'node:os';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import type { Access } from './access.js';
import {
  type AgentMessage,
  type AgentStart,
  CLOCK,
  COMMAND,
  CREDIT,
  controlWords,
  KILLED,
  MIDNIGHT,
  NUMBER,
  RECORDS,
  REPORT,
  SIGNAL,
  type StepRecord,
  WAITERS,
  wordsOf,
} from './channel.js';
import type { Failure } from './schedule-error.js';

/**
 * Loads before sleeping: an agent's turn is often shorter than falling asleep and waking up. Only
 * the explorer spins; agents that do so take the core from the one that has the baton.
 */
const SPINS = availableParallelism() > 1 ? 1_000 : 0;

/** Returned by {@link Team.pass} when the agent does not come back. */
export const HUNG = -1;

/** What a team needs to know of a model. */
export interface TeamOptions {
  readonly agents: readonly string[];
  readonly words: number;
  readonly module: URL;
  readonly subject: URL | undefined;
  readonly isTraced: boolean;
  /** No schedule has more. */
  readonly maxSteps: number;
  /** An agent that keeps the baton for longer is in an endless loop; in milliseconds. */
  readonly hangTimeout: number;
}

/** The threads that run the agents, and the baton that lets one of them run at a time. */
export class Team {
  /** The model's memory. */
  readonly words: Int32Array;
  /** See `channel.ts`. */
  readonly control: Int32Array;
  /** See `channel.ts`. */
  readonly times: Float64Array;
  readonly #known: Int32Array;
  readonly #accesses: Int32Array[];
  readonly #workers: Worker[] = [];
  readonly #ports: MessagePort[] = [];
  readonly #records: StepRecord[] = [];
  readonly #hangTimeout: number;

  private constructor(options: TeamOptions) {
    const agents = options.agents.length;
    this.#hangTimeout = options.hangTimeout;
    this.words = new Int32Array(new SharedArrayBuffer(options.words * 4));
    this.control = new Int32Array(new SharedArrayBuffer(controlWords(agents) * 4));
    this.times = new Float64Array(new SharedArrayBuffer((1 + agents) * 8));
    this.#known = new Int32Array(new SharedArrayBuffer(options.words * 4));
    this.#accesses = options.agents.map(
      () => new Int32Array(new SharedArrayBuffer(options.maxSteps * 4)),
    );
  }

  /** Starts the threads and has them import the subject and the model's module. */
  static async start(options: TeamOptions): Promise<Team> {
    const team = new Team(options);
    try {
      await Promise.all(options.agents.map((_, index) => team.#startAgent(options, index)));
    } catch (error) {
      await team.dispose();
      throw error;
    }
    return team;
  }

  async #startAgent(options: TeamOptions, index: number): Promise<void> {
    const start: AgentStart = {
      index,
      agents: options.agents,
      module: options.module.href,
      subject: options.subject?.href,
      words: this.words,
      control: this.control,
      times: this.times,
      known: this.#known,
      accesses: this.#accesses[index] as Int32Array,
      isTraced: options.isTraced,
    };
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('./bootstrap-agent.js', import.meta.url), {
      workerData: { start, port: port2 },
      transferList: [port2],
      execArgv: [],
    });
    this.#workers.push(worker);
    this.#ports[index] = port1;
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      port1.once('message', (message: AgentMessage) => {
        if (message.kind === 'failure') reject(new Error(message.details));
        else resolve();
      });
    });
    // From here on messages are fetched while the agent stands still.
    port1.removeAllListeners('message');
    port1.unref();
    worker.unref();
  }

  /** Makes everything as it was before the first schedule. All agents must have settled. */
  clear(): void {
    this.words.fill(0);
    this.times.fill(Number.POSITIVE_INFINITY);
    this.times[CLOCK] = MIDNIGHT;
    this.control[WAITERS] = 0;
    this.control[RECORDS] = 0;
    for (let agent = 0; agent < this.#workers.length; agent++) {
      this.control[wordsOf(agent) + KILLED] = 0;
    }
  }

  /**
   * Gives the baton to an agent and blocks until it comes back.
   *
   * @returns the agent's report, or {@link HUNG}
   */
  pass(agent: number, command: number, credit = 0, number = 0): number {
    const base = wordsOf(agent);
    const { control } = this;
    control[base + CREDIT] = credit;
    control[base + NUMBER] = number;
    Atomics.store(control, SIGNAL, 0);
    // Publishes everything above, and what the agents before it did, to `Baton.await`.
    Atomics.store(control, base + COMMAND, command);
    Atomics.notify(control, base + COMMAND, 1);
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(control, SIGNAL) !== 0) break;
    }
    // Loops because the notify that belongs to the report before may come late.
    while (Atomics.load(control, SIGNAL) === 0) {
      if (Atomics.wait(control, SIGNAL, 0, this.#hangTimeout) === 'timed-out') return HUNG;
    }
    return control[base + REPORT] as number;
  }

  /** Takes the memory as it is for the one that the schedule begins with. */
  knowMemory(): void {
    this.#known.set(this.words);
  }

  /** Whether all that has changed since then was changed by steps and tallies. */
  isMemoryKnown(): boolean {
    const { words } = this;
    for (let word = 0; word < words.length; word++) {
      if (words[word] !== this.#known[word]) return false;
    }
    return true;
  }

  /** A control word of an agent. */
  read(agent: number, word: number): number {
    return this.control[wordsOf(agent) + word] as number;
  }

  /** What a step of an agent touched, counted from its last but one report. */
  accessOf(agent: number, step: number): Access {
    return this.#accesses[agent]?.[step] as Access;
  }

  /** The error that an agent posted before it reported FAILED. */
  takeFailure(agent: number): Failure {
    for (;;) {
      const message = this.#receive(agent);
      if (message === undefined) return { kind: 'exception', message: 'unknown error' };
      if (message.kind === 'step') this.#records.push(message.record);
      if (message.kind !== 'failure') continue;
      return { kind: 'exception', message: message.message, details: message.details };
    }
  }

  /** The records that all agents of a traced team have posted. */
  takeRecords(): readonly StepRecord[] {
    for (let agent = 0; agent < this.#ports.length; agent++) {
      for (let message = this.#receive(agent); message; message = this.#receive(agent)) {
        if (message.kind === 'step') this.#records.push(message.record);
      }
    }
    return this.#records;
  }

  #receive(agent: number): AgentMessage | undefined {
    return receiveMessageOnPort(this.#ports[agent] as MessagePort)?.message;
  }

  /** Ends the threads, wherever they stand. */
  async dispose(): Promise<void> {
    for (const port of this.#ports) port.close();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
