/**
 * The control memory through which the explorer and its agents pass the baton. Exactly one
 * thread runs at a time, so only the handing over is atomic; everything else is plain data that
 * the baton publishes.
 *
 * | word | content | written by |
 * | --- | --- | --- |
 * | SIGNAL | 1: the baton is back | the agent that ran; the explorer sets 0 before it passes on |
 * | WAITERS | entries in the wait queues, so that notifying nobody needs no hand-over | explorer |
 * | RECORDS | number of the next record of a traced run | whoever has the baton |
 * | then AGENT_WORDS for each agent, see below | | |
 */
export const SIGNAL = 0;
export const WAITERS = 1;
export const RECORDS = 2;
const HEADER = 4;
const AGENT_WORDS = 8;

/** What the agent shall do; 0 while it does not have the baton. */
export const COMMAND = 0;
/** Why the agent gave the baton back. */
export const REPORT = 1;
/** How many operations the agent may do before it has to give the baton back. */
export const CREDIT = 2;
/** How many operations the agent did since its last report. */
export const TAKEN = 3;
/** Which buffer an operation is about: 0 is the model's memory, others are private to an agent. */
export const SPACE = 4;
/** Byte offset in that buffer. */
export const OFFSET = 5;
/** Number that goes with a command or report: notified waiters, a `waitAsync`, a dead agent. */
export const NUMBER = 6;
/** 1 after the agent was killed. */
export const KILLED = 7;

/** Commands. */
export const START = 1;
export const GO = 2;
export const TIME_OUT = 3;
export const UNWIND = 4;
export const ANSWER = 5;

/** Reports. BASE: ready for START. */
export const BASE = 1;
/** Before an operation, without credit. */
export const POINT = 2;
/** In `Atomics.wait`. */
export const WAIT = 3;
/** In `Atomics.waitAsync`; goes on after an ANSWER. */
export const WAIT_ASYNC = 4;
/** In `Atomics.notify`; goes on after an ANSWER. */
export const NOTIFY = 5;
/** The event loop has nothing to do, the agent function has not settled. */
export const IDLE = 6;
/** The agent function has settled and the event loop has nothing to do. */
export const DONE = 7;
/** In `agent.nextDeath`. */
export const WATCH = 8;
/** In `agent.die`. */
export const DIED = 9;
/** The agent function threw; the error was posted. */
export const FAILED = 10;

/** Index of the first control word of an agent. */
export function wordsOf(agent: number): number {
  return HEADER + agent * AGENT_WORDS;
}

/** Number of control words for so many agents. */
export function controlWords(agents: number): number {
  return wordsOf(agents);
}

/** Index of the model's clock, in milliseconds, in the array of times. */
export const CLOCK = 0;

/** Index of the time at which the agent's wait or earliest timer ends; Infinity for none. */
export function dueOf(agent: number): number {
  return 1 + agent;
}

/** What the clock shows when a schedule starts. Not 0, which code under test may take for "unset". */
export const MIDNIGHT = 1000;

/** What an agent's thread is started with. */
export interface AgentStart {
  readonly index: number;
  readonly agents: readonly string[];
  readonly module: string;
  readonly subject: string | undefined;
  readonly words: Int32Array;
  readonly control: Int32Array;
  readonly times: Float64Array;
  /** The memory as the steps have left it, to find what changes it otherwise. */
  readonly known: Int32Array;
  /** What each step since the last report touched; see `access.ts`. */
  readonly accesses: Int32Array;
  readonly isTraced: boolean;
}

/** One operation of a traced run. */
export interface StepRecord {
  readonly number: number;
  readonly agent: number;
  /** Operation with its arguments; `@` stands for the word it is about. */
  readonly text: string;
  /** Byte offset in the model's memory, -1 for a private buffer, undefined for no memory. */
  readonly offset?: number | undefined;
  /** Function, file and line of the call. */
  readonly site?: string | undefined;
}

/** What an agent posts beside the control memory. */
export type AgentMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failure'; readonly message: string; readonly details: string }
  | { readonly kind: 'step'; readonly record: StepRecord };
