import { readFileSync, readlinkSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

/** Of the fields that `statOf` gives. */
const STATE = 0;
const PARENT = 1;
const START = 19;

/** What tells a thread from any other that ever had the same number. */
export interface Identity {
  /** Its process. */
  readonly pid: number;
  /** Kernel thread id; 0 where the platform does not tell. */
  readonly tid: number;
  /** Start time in clock ticks, low and high 32 bits. */
  readonly startLow: number;
  /** See `startLow`. */
  readonly startHigh: number;
}

/** The identity of the calling thread. */
export function ownIdentity(): Identity {
  const { pid } = process;
  let tid: number;
  try {
    // "<pid>/task/<tid>"
    tid = Number(readlinkSync('/proc/thread-self').split('/')[2]);
  } catch {
    return { pid, tid: 0, startLow: 0, startHigh: 0 };
  }
  return identityOf(pid, tid) ?? { pid, tid: 0, startLow: 0, startHigh: 0 };
}

/** A number for the calling thread that no living thread of the family shares. */
export function ownThreadNumber(identity: Identity): number {
  return identity.tid === 0 ? threadId + 1 : identity.tid;
}

/** The identity of a living thread, or `undefined` when it has ended or cannot be looked up. */
export function identityOf(pid: number, tid: number): Identity | undefined {
  const found = lookUp(pid, tid);
  return typeof found === 'string' ? undefined : found;
}

/**
 * Looks a thread up.
 *
 * @returns its identity; `ended` when there is no such thread (a zombie is none); `unknown` when
 *   the system did not say, for example because this process has no descriptor left: whoever
 *   takes that for death steals the locks of the living
 */
export function lookUp(pid: number, tid: number): Identity | 'ended' | 'unknown' {
  const fields = statOf(pid, tid);
  if (typeof fields === 'string') return fields;
  if (fields[STATE] === 'Z' || fields[STATE] === 'X') return 'ended';
  return { pid, tid, ...startOf(fields) };
}

/** Whether a process is a child of this one that has not been reaped, running or a zombie. */
export function isOwnChild({ pid, startLow, startHigh }: Identity): boolean {
  const fields = statOf(pid, pid);
  if (typeof fields === 'string' || Number(fields[PARENT]) !== process.pid) return false;
  const start = startOf(fields);
  return start.startLow === startLow && start.startHigh === startHigh;
}

/** Fields of a thread's `stat` from the third on. */
function statOf(pid: number, tid: number): string[] | 'ended' | 'unknown' {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? 'ended' : 'unknown';
  }
  // The name in parentheses, field 2, may hold spaces and parentheses.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function startOf(fields: readonly string[]): Pick<Identity, 'startLow' | 'startHigh'> {
  const start = Number(fields[START]);
  return { startLow: start | 0, startHigh: Math.floor(start / 2 ** 32) };
}

/** Identifies the namespace in which pids mean something; 0 where there are none. */
export function pidNamespace(): number {
  try {
    // "pid:[4026531836]"
    return Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? 0) | 0;
  } catch {
    return 0;
  }
}
