import { constants } from 'node:os';
import type { Process } from './process.js';
import { type ProcessState, stateOf } from './process-state.js';

/** What Python's `repr` shows of a process. */
export function describe(process: Process): string {
  const state = stateOf(process);
  const parts = [`name='${state.facts.name}'`];
  if (!state.isClosed && process.pid !== undefined) parts.push(`pid=${process.pid}`);
  if (state.maker !== undefined) parts.push(`parent=${state.maker}`);
  parts.push(...statusOf(state));
  if (state.facts.daemon) parts.push('daemon');
  return `<${process.constructor.name} ${parts.join(' ')}>`;
}

function statusOf({ isClosed, isCurrent, child }: ProcessState): string[] {
  if (isClosed) return ['closed'];
  if (isCurrent) return ['started'];
  if (!child) return ['initial'];
  if (child.isAlive) return ['started'];
  const { exitCode } = child;
  return exitCode === null ? ['stopped'] : ['stopped', `exitcode=${shownCode(exitCode)}`];
}

function shownCode(exitCode: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === -exitCode);
  return signal ? `-${signal[0]}` : String(exitCode);
}
