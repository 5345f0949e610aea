import { inspect } from 'node:util';
import type { MessagePort } from 'node:worker_threads';
import { type Access, ANYTHING, boundAccess } from '../explorer/access.js';
import {
  type AgentMessage,
  type AgentStart,
  ANSWER,
  COMMAND,
  CREDIT,
  FAILED,
  NUMBER,
  POINT,
  RECORDS,
  REPORT,
  SIGNAL,
  TAKEN,
  UNWIND,
  wordsOf,
} from '../explorer/channel.js';
import { originals } from './originals.js';

/** Thrown through the code of a killed agent after the schedule, so that its thread is free again. */
export const UNWINDING = new Error('this agent was killed');

/** The agent's end of the control memory: asks for a turn before each operation. */
export class Baton {
  readonly start: AgentStart;
  /** `setup` runs without schedule: its operations are no steps. */
  isSettingUp = true;
  /** Between UNWIND and the next schedule. */
  isUnwinding = false;
  readonly #port: MessagePort;
  readonly #control: Int32Array;
  readonly #base: number;
  #credit = 0;
  #taken = 0;
  /** Whether what ran since the baton came depends on more than the memory of the next step. */
  #isBound = false;

  /**
   * @param start - who this agent is
   * @param port - takes what does not fit into the control memory
   */
  constructor(start: AgentStart, port: MessagePort) {
    this.start = start;
    this.#port = port;
    this.#control = start.control;
    this.#base = wordsOf(start.index);
  }

  /** Makes everything as it was before the first schedule. */
  reset(): void {
    this.isSettingUp = true;
    this.isUnwinding = false;
    this.#credit = 0;
    this.#taken = 0;
    this.#isBound = false;
  }

  /** Takes a turn: returns when the schedule says that the agent does its next operation. */
  point(): void {
    if (this.isSettingUp) return;
    if (this.isUnwinding) throw UNWINDING;
    if (this.#credit === 0) this.handBack(POINT);
    this.#credit--;
    this.start.accesses[this.#taken++] = ANYTHING;
  }

  /** Says what the step touches that has just been allowed. */
  touch(access: Access): void {
    if (this.isSettingUp || this.isUnwinding) return;
    this.start.accesses[this.#taken - 1] = this.#isBound ? boundAccess(access) : access;
    this.#isBound = false;
  }

  /** Says that the code after the last step depends on the clock or on who is alive. */
  bind(): void {
    const { accesses } = this.start;
    if (this.#taken === 0) this.#isBound = true;
    else accesses[this.#taken - 1] = boundAccess(accesses[this.#taken - 1] as Access);
  }

  /**
   * Reports and blocks until the baton comes again.
   *
   * @returns the command that came with it
   */
  handBack(report: number): number {
    const control = this.#control;
    control[this.#base + REPORT] = report;
    control[this.#base + TAKEN] = this.#taken;
    this.#taken = 0;
    control[this.#base + COMMAND] = 0;
    // Publishes everything above, and what this agent did, to `Team.pass`.
    originals.store(control, SIGNAL, 1);
    originals.notify(control, SIGNAL, 1);
    return this.await();
  }

  /** Blocks until the baton comes. Loops because the notify of the command before may come late. */
  await(): number {
    const index = this.#base + COMMAND;
    let command = originals.load(this.#control, index);
    while (command === 0) {
      originals.wait(this.#control, index, 0);
      command = originals.load(this.#control, index);
    }
    if (command === UNWIND) {
      this.isUnwinding = true;
      throw UNWINDING;
    }
    if (command !== ANSWER) this.#credit = this.#control[this.#base + CREDIT] as number;
    return command;
  }

  /** The number that came with the command. */
  get number(): number {
    return this.#control[this.#base + NUMBER] as number;
  }

  /** Writes a control word of this agent, for the next report. */
  write(word: number, value: number): void {
    this.#control[this.#base + word] = value;
  }

  /** Ends the schedule as failed; does not return. */
  fail(error: unknown): void {
    const message = error instanceof Error ? error.message : inspect(error);
    this.#post({ kind: 'failure', message, details: inspect(error) });
    this.handBack(FAILED);
  }

  /** Says that this agent is ready for its first schedule, or cannot be. */
  announce(error?: unknown): void {
    if (error === undefined) this.#post({ kind: 'ready' });
    else this.#post({ kind: 'failure', message: String(error), details: inspect(error) });
  }

  /**
   * Adds a line to a traced schedule.
   *
   * @param text - the operation, `@` for its word
   * @param offset - byte offset of the word
   * @param below - the function whose caller is the code under test
   */
  record(text: string, offset?: number, below?: Function): void {
    if (!this.start.isTraced || this.isSettingUp || this.isUnwinding) return;
    const number = this.#control[RECORDS] as number;
    this.#control[RECORDS] = number + 1;
    const site = below ? siteAbove(below) : undefined;
    this.#post({ kind: 'step', record: { number, agent: this.start.index, text, offset, site } });
  }

  #post(message: AgentMessage): void {
    this.#port.postMessage(message);
  }
}

/** Function, file and line that called `below`. */
function siteAbove(below: Function): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  const frame = holder.stack?.split('\n').find((line) => line.startsWith('    at '));
  const match = /^ {4}at (?:async )?(?:(.*?) \()?(.*?):(\d+):\d+\)?$/.exec(frame ?? '');
  if (!match) return undefined;
  const [, name, file = '', line] = match;
  return `${name ? `${name} ` : ''}${file.slice(file.lastIndexOf('/') + 1)}:${line}`;
}
