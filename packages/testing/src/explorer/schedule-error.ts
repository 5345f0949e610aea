/** How a schedule can fail. */
export type FailureKind =
  | 'deadlock'
  | 'exception'
  | 'invariant'
  | 'step bound'
  | 'hang'
  | 'replay'
  | 'not deterministic';

/** Why one schedule failed. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** Stack of what an agent or the check threw. */
  readonly details?: string;
}

/**
 * A schedule that breaks the model. The message prints the schedule and how to run it again.
 *
 * @example
 * ```ts
 * import { explore, ScheduleError } from '@multiproc/testing';
 *
 * const error = await explore(model).catch((reason: ScheduleError) => reason);
 * if (error instanceof ScheduleError) await explore({ ...model, replay: error.replay });
 * ```
 */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  /** What went wrong. */
  readonly kind: FailureKind;
  /** The steps in order, one a line. */
  readonly schedule: string;
  /** Runs exactly this schedule again, as `Model.replay` or in the variable `MP_REPLAY`. */
  readonly replay: string;

  /**
   * @param failure - what went wrong
   * @param schedule - the steps, readable
   * @param replay - the steps, for the explorer
   */
  constructor(failure: Failure, schedule: string, replay: string) {
    const details = failure.details === undefined ? '' : `\n\n${failure.details}`;
    super(
      `${failure.kind}: ${failure.message}${details}\n\n${schedule}\n\nRun it again with MP_REPLAY='${replay}'`,
    );
    this.kind = failure.kind;
    this.schedule = schedule;
    this.replay = replay;
  }
}
