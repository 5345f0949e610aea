import type { ResourceLimits } from 'node:worker_threads';
import type { FunctionReference } from '@multiproc/core';
import type { Child } from './child.js';
import { ProcessStateError } from './errors.js';
import type { Process } from './process.js';
import type { Facts, StartMethod } from './self.js';

/** A function of any type. */
export type AnyFunction = (...args: never[]) => unknown;

/** What a process runs. */
export interface Task {
  readonly target: AnyFunction | FunctionReference | undefined;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>> | undefined;
}

/** How a process is started, beside what it runs. */
export interface StartSettings {
  readonly startMethod: StartMethod | undefined;
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly execArgv: readonly string[] | undefined;
  readonly resourceLimits: ResourceLimits | undefined;
}

/**
 * Everything that belongs to one `Process`. It is kept beside the object and not in private
 * fields, because the instance of a subclass is made in the child without its constructor.
 *
 * | child | isClosed | state |
 * | --- | --- | --- |
 * | undefined | false | initial, or the current process |
 * | set | false | started, or stopped when the child has ended |
 * | | true | closed |
 */
export interface ProcessState {
  /** Shared with `Self` for the current process. */
  readonly facts: Facts;
  readonly settings: StartSettings;
  /** Dropped by `start()`. */
  task: Task | undefined;
  child: Child | undefined;
  isClosed: boolean;
  readonly isCurrent: boolean;
  /** Pid of the process that made it, for display. */
  readonly maker: number | undefined;
}

const states = new WeakMap<Process, ProcessState>();

/** Gives a process its state. */
export function setState(process: Process, state: ProcessState): void {
  states.set(process, state);
}

/** The state of a process. */
export function stateOf(process: Process): ProcessState {
  const state = states.get(process);
  if (state) return state;
  throw new ProcessStateError('this object was not made by the constructor of Process');
}

/** The state of a process that has not been closed. */
export function openState(process: Process): ProcessState {
  const state = stateOf(process);
  if (!state.isClosed) return state;
  throw new ProcessStateError(`${state.facts.name} has been closed`);
}

/**
 * The child behind a process that this thread has started.
 *
 * @param what - the call, for the message
 */
export function childOf(process: Process, what: string): Child {
  const { child, facts, isCurrent } = openState(process);
  if (child) return child;
  throw new ProcessStateError(
    isCurrent
      ? `${what} cannot be called for the current process, only by the one that started it`
      : `${what} cannot be called before ${facts.name} has been started`,
  );
}
