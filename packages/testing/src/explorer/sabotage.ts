import { explore } from './explore.js';
import type { Model, Patch } from './model.js';
import { ScheduleError } from './schedule-error.js';

/** What became of one breakage. */
export interface SabotageOutcome {
  /** Name of the patch. */
  readonly name: string;
  /** Whether the model failed, as it should. */
  readonly isCaught: boolean;
  /** How it failed. */
  readonly error: ScheduleError | undefined;
}

/**
 * Proves that a model can fail: runs it against broken copies of its subject, one change each.
 *
 * @param model - a model with a `subject`
 * @param patches - the breakages; the text of each must occur exactly once in the subject and
 *   the files that it imports by relative path
 * @returns what became of each
 * @throws `Error` when a patch does not fit the source any more
 *
 * @example
 * ```ts
 * import { sabotage } from '@multiproc/testing';
 *
 * const outcomes = await sabotage(model, [
 *   { name: 'wakes before it frees', find: 'free();\nwake();', replace: 'wake();\nfree();' },
 * ]);
 * console.log(outcomes.filter(({ isCaught }) => !isCaught)); // → []
 * ```
 */
export async function sabotage(
  model: Model,
  patches: readonly Patch[],
): Promise<SabotageOutcome[]> {
  if (!model.subject) throw new TypeError('sabotage needs a model with a subject');
  const outcomes: SabotageOutcome[] = [];
  for (const patch of patches) {
    const error = await explore({ ...model, patch }).then(() => undefined, onlyScheduleError);
    outcomes.push({ name: patch.name, isCaught: error !== undefined, error });
  }
  return outcomes;
}

function onlyScheduleError(error: unknown): ScheduleError {
  if (error instanceof ScheduleError) return error;
  throw error;
}
