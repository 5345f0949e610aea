import { type Access, ANYTHING, commute, isMovable, writes } from './access.js';
import { agentOf, type Choice, choiceOf, KILL, kindOf, type Option, STEP } from './choices.js';
import type { Footprint } from './footprint.js';

/** What the search has to know of a schedule that was run, by step. */
export interface Course {
  /** What was chosen. */
  readonly choices: readonly Choice[];
  /** What could have been chosen; the first is what happens without a plan. */
  readonly options: readonly (readonly Option[])[];
  /** What the step touched. */
  readonly accesses: readonly Access[];
}

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
 * none is run twice (iterative context bounding, Musuvathi and Qadeer). Of schedules that differ
 * only in the order of steps that commute, those are left out in which an agent is interrupted
 * before a step that it could as well have done first: the other one has no more interruptions,
 * so it is within the bound too. Where agents share data without `Atomics`, nothing is left out,
 * because nobody knows which steps commute.
 */
export class Search {
  readonly #levels: Branch[][];
  readonly #footprint: Footprint;
  #cost = 0;
  #plan: Choice[] | undefined = [];

  /**
   * @param bound - how many interruptions a schedule may have
   * @param footprint - who uses which word
   */
  constructor(bound: number, footprint: Footprint) {
    this.#levels = Array.from({ length: bound + 1 }, () => []);
    this.#footprint = footprint;
    footprint.begin();
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
   * @param course - the schedule
   */
  branch(planned: number, course: Course): void {
    const kept = Uint16Array.from(course.choices);
    const isBlurred = this.#footprint.isBlurred;
    const end = isBlurred ? course.choices.length : horizon(course) + 1;
    for (let at = planned; at < Math.min(end, course.choices.length); at++) {
      const alternatives = course.options[at] as readonly Option[];
      for (let other = 1; other < alternatives.length; other++) {
        const option = alternatives[other] as Option;
        const cost = this.#cost + option.cost;
        if (cost >= this.#levels.length) continue;
        if (!isBlurred && this.#canWait(course, at, option)) continue;
        this.#levels[cost]?.push({ choices: kept, at, choice: option.choice, cost });
      }
    }
  }

  /** Whether choosing this option right after the step makes the same schedule, at no more cost. */
  #canWait({ choices, accesses }: Course, at: number, option: Option): boolean {
    const choice = choices[at] as Choice;
    const access = accesses[at] as Access;
    if (access === ANYTHING || !isMovable(access)) return false;
    const agent = agentOf(choice);
    // A load of an agent that is killed right after it might as well not have been.
    if (option.choice === choiceOf(agent, KILL)) {
      return !writes(access) && choices[at + 1] === choice;
    }
    // Without cost the agent was not running: switching to it first and away again would cost.
    return option.cost > 0 && this.#footprint.isPrivate(agent, access);
  }
}

/**
 * The step from which on a schedule is the same as another one: an interrupted agent goes on,
 * and what it does first commutes with all that was done while it stood still.
 */
function horizon(course: Course): number {
  let found = course.choices.length;
  for (let at = 0; at < course.choices.length; at++) {
    const agent = interruptedAt(course, at);
    if (agent !== undefined) found = Math.min(found, resumption(course, at, agent));
  }
  return found;
}

/** The agent that could have done this step and goes on, at the cost of an interruption. */
function interruptedAt({ choices, options }: Course, at: number): number | undefined {
  const first = options[at]?.[0] as Option;
  const choice = choices[at] as Choice;
  if (choice === first.choice || kindOf(first.choice) !== STEP) return undefined;
  const isPaid = options[at]?.some((option) => option.choice === choice && option.cost > 0);
  return isPaid ? agentOf(first.choice) : undefined;
}

/** Where it goes on, if its step could have been done before; else beyond the end. */
function resumption({ choices, accesses }: Course, from: number, agent: number): number {
  const own = choiceOf(agent, STEP);
  const at = choices.indexOf(own, from);
  const step = accesses[at];
  if (step === undefined || step === ANYTHING || !isMovable(step)) return choices.length;
  for (let between = from; between < at; between++) {
    const isStep = kindOf(choices[between] as Choice) === STEP;
    if (agentOf(choices[between] as Choice) === agent) return choices.length;
    if (isStep && !commute(step, accesses[between] as Access)) return choices.length;
  }
  return at;
}
