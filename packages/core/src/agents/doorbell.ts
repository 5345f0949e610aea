/** How the event loop of one agent is called by other agents. See `PipeDoorbell` and `ThreadDoorbell`. */
export interface Doorbell {
  /** Makes sure that a ring from now on is heard: the caller stores ARMED before and attempts after. */
  listen(): void;
  /** Rings another agent, whose ARMED this caller has taken. Never blocks; a dead agent is no error. */
  ring(id: number): void;
  /** What `sleep` compares with: read before the caller stores ARMED. */
  readonly rings: number;
  /**
   * Blocks the thread until this agent is rung, for a time slice at the most. Safe to sleep when the
   * caller has read `rings`, listened, stored ARMED and attempted, in this order; may return early.
   */
  sleep(rings: number, milliseconds: number): void;
  /** Forgets what was kept in order to ring an agent that is gone. */
  forget(id: number): void;
  /** Stops listening. */
  close(): void;
}
