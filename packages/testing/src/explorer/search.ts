import type { Choice, Option } from './choices.js';

/** A place where a schedule that was run could have gone another way. */
interface Branch {
  readonly choices: ArrayLike<Choice>;
  readonly at: number;
  readonly choice: Choice;
  readonly cost: number;
}

/**
 * The schedules that are still to be run: all with few interruptions before any with more, so
 * that the first failure found is among the simplest.
 *
 * Each schedule is known by its plan, the choices up to the last one that is not the default, so
 * none is run twice (iterative context bounding, Musuvathi and Qadeer).
 */
export class Search {
  readonly #levels: Branch[][];
  #cost = 0;
  #plan: Choice[] | undefined = [];

  /** @param bound - how many interruptions a schedule may have */
  constructor(bound: number) {
    this.#levels = Array.from({ length: bound + 1 }, () => []);
  }

  /** The plan of the next schedule, `undefined` when all were run. */
  next(): Choice[] | undefined {
    if (this.#plan) {
      const first = this.#plan;
      this.#plan = undefined;
      return first;
    }
    const branch = this.#levels.find((level) => level.length > 0)?.pop();
    if (!branch) return undefined;
    this.#cost = branch.cost;
    const plan = Array.from({ length: branch.at }, (_, step) => branch.choices[step] as Choice);
    plan.push(branch.choice);
    return plan;
  }

  /**
   * Adds all schedules that leave the one just run after its plan.
   *
   * @param planned - length of its plan
   * @param choices - what it chose before each step
   * @param options - what it could have chosen there
   */
  branch(
    planned: number,
    choices: readonly Choice[],
    options: readonly (readonly Option[])[],
  ): void {
    const kept = Uint16Array.from(choices);
    for (let at = planned; at < options.length; at++) {
      const alternatives = options[at] as readonly Option[];
      for (let other = 1; other < alternatives.length; other++) {
        const option = alternatives[other] as Option;
        const cost = this.#cost + option.cost;
        const branch = { choices: kept, at, choice: option.choice, cost };
        this.#levels[cost]?.push(branch);
      }
    }
  }
}
