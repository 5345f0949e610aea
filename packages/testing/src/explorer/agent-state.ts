import type { WaitQueues } from './wait-queues.js';

/** Where an agent stands while it does not have the baton. */
export type Phase =
  /** Before an operation. */
  | 'ready'
  /** In `Atomics.wait`. */
  | 'asleep'
  /** Its event loop has nothing to do. */
  | 'idle'
  /** Waits for the death of another agent. */
  | 'watching'
  /** Killed. */
  | 'dead';

/** What the explorer knows about one agent in one schedule. */
export class AgentState {
  readonly index: number;
  phase: Phase = 'ready';
  /** Whether the agent function has settled. Its event loop still serves what it left pending. */
  isDone = false;
  /** Numbers of notified `waitAsync` calls whose promises are not resolved yet. */
  readonly deliveries: number[] = [];
  /** Time-outs it may still take. */
  timeouts: number;
  /** Deaths that it has been told. */
  readonly deathsTold = new Set<number>();

  /**
   * @param index - position in `Model.agents`
   * @param timeouts - time-outs it may take
   */
  constructor(index: number, timeouts: number) {
    this.index = index;
    this.timeouts = timeouts;
  }

  /** Whether nothing of it will run any more unless somebody notifies it. */
  get isSettled(): boolean {
    if (this.phase === 'dead') return true;
    return this.isDone && this.phase === 'idle' && this.deliveries.length === 0;
  }

  /** Model time at which its wait or earliest timer ends; Infinity for never. */
  dueTime(queues: WaitQueues, timerDue: number): number {
    if (this.phase !== 'asleep' && this.phase !== 'idle') return Number.POSITIVE_INFINITY;
    const entryDue = queues.of(this.index)[0]?.due ?? Number.POSITIVE_INFINITY;
    return this.phase === 'asleep' ? entryDue : Math.min(entryDue, timerDue);
  }

  /** What keeps it from going on, for reports. */
  describe(): string {
    if (this.phase === 'dead') return 'was killed';
    if (this.isDone) return 'has finished';
    if (this.phase === 'asleep') return 'sleeps in Atomics.wait';
    if (this.phase === 'idle') return 'awaits, and its event loop has nothing to do';
    if (this.phase === 'watching') return 'waits for a death';
    return 'could go on';
  }
}
