/**
 * What a condition needs of its lock, beside owning it.
 *
 * @typeParam Suspended - what the lock needs in order to be as it was
 */
export interface ConditionLock<Suspended> {
  /** Gives the lock away, however often it is held. */
  suspend(): Suspended;
  /** Takes it again, as often. */
  resume(suspended: Suspended): Promise<void>;
  /** The same, blocking the thread. */
  resumeSync(suspended: Suspended): void;
  /** Does something once this agent has given the lock away; at once when it does not hold it. */
  whenReleased(action: () => void): void;
}
