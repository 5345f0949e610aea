/**
 * What the bootstrap of a spawned process leaves on `process`: it starts faster without core, which
 * many children never need.
 */
const INVITATION = Symbol.for('multiproc.family.invitation');

/** What a spawned process has been told about its family. */
export interface Invitation {
  /** The place that the starter has claimed for it. */
  readonly agent: number;
  /** Descriptor of the family's file. */
  readonly fd: number;
  /** Length of the family's memory in bytes. */
  readonly size: number;
  /** Path of koffi's binary, where the starter knows it. */
  readonly binary?: string | undefined;
}

/** The invitation to this process; `undefined` where nobody has left one. */
export function readInvitation(): Invitation | undefined {
  return (process as { [INVITATION]?: Invitation })[INVITATION];
}
