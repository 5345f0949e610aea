/** Every message was received, and nobody can send another. */
export const ENDED = Symbol('ended');
/** See {@link ENDED}. */
export type Ended = typeof ENDED;

/** Nobody can receive any more. */
export const BROKEN = Symbol('broken');
/** See {@link BROKEN}. */
export type Broken = typeof BROKEN;

/** This agent has closed the connection while the call waited. */
export const CLOSED = Symbol('closed');
/** See {@link CLOSED}. */
export type Closed = typeof CLOSED;

/** Whether this agent has closed its connection. */
export interface Life {
  /** Once `true`, it stays so. */
  readonly isOver: boolean;
}
