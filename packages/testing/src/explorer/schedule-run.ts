import { type Access, ANYTHING } from './access.js';
import type { AgentState } from './agent-state.js';
import {
  ANSWER,
  BASE,
  DIED,
  DONE,
  FAILED,
  GO,
  IDLE,
  NOTIFY,
  NUMBER,
  POINT,
  RECORDS,
  START,
  type StepRecord,
  TAKEN,
  TIME_OUT as TIME_OUT_COMMAND,
  UNWIND,
  WAIT,
  WAIT_ASYNC,
  WATCH,
} from './channel.js';
import { agentOf, type Choice, choiceOf, KILL, kindOf, type Option, STEP } from './choices.js';
import type { Footprint } from './footprint.js';
import type { RunSettings } from './run-settings.js';
import type { Failure } from './schedule-error.js';
import { Situation } from './situation.js';
import { HUNG, type Team } from './team.js';

/** A turn that is not part of the schedule. */
const NO_OPTIONS: readonly Option[] = [];

/**
 * One schedule: follows given choices, then lets each agent go on for as long as it can.
 *
 * An agent gets credit for as many steps as are decided already, so that the baton changes hands
 * only where the schedule switches, blocks or notifies, and not at every operation.
 */
export class ScheduleRun {
  /** What was decided before each step. */
  readonly choices: Choice[] = [];
  /** What could have been decided there; the first is what happens without a plan. */
  readonly options: (readonly Option[])[] = [];
  /** What each step touched. */
  readonly accesses: Access[] = [];
  /** What the explorer itself adds to a traced schedule. */
  readonly records: StepRecord[] = [];
  readonly #team: Team;
  readonly #settings: RunSettings;
  readonly #plan: readonly Choice[];
  readonly #footprint: Footprint;
  readonly #situation: Situation;
  #failure: Failure | undefined;

  /**
   * @param team - threads that are ready to start
   * @param settings - the model
   * @param plan - what to decide before the first steps
   * @param footprint - learns what the steps touch
   */
  constructor(team: Team, settings: RunSettings, plan: readonly Choice[], footprint: Footprint) {
    this.#team = team;
    this.#settings = settings;
    this.#plan = plan;
    this.#footprint = footprint;
    this.#situation = new Situation(team, settings);
  }

  /** Runs the schedule. After a failure the team must be disposed of. */
  run(): Failure | undefined {
    this.#team.clear();
    this.#settings.init(this.#team.words);
    for (const agent of this.#situation.agents) {
      if (!this.#failure) this.#converse(agent, START, 0, 0, NO_OPTIONS);
    }
    this.#team.knowMemory();
    while (!this.#failure) {
      const options = this.#situation.findOptions();
      if (!options.some(({ choice }) => kindOf(choice) !== KILL)) return this.#finish();
      this.#decide(options);
    }
    return this.#failure;
  }

  #decide(options: readonly Option[]): void {
    const step = this.choices.length;
    const choice = this.#plan[step] ?? (options[0] as Option).choice;
    const agent = this.#situation.agents[agentOf(choice)] as AgentState;
    if (step >= this.#settings.maxSteps) {
      this.#fail('step bound', `not finished after ${step} steps${this.#situation.describe()}`);
    } else if (!options.some((option) => option.choice === choice)) {
      const where = this.#situation.describe();
      this.#fail('replay', `step ${step} of the replay is not possible${where}`);
    } else if (kindOf(choice) === STEP) {
      this.#step(agent, options);
    } else {
      this.#record(choice, options);
      if (kindOf(choice) === KILL) this.#kill(agent);
      else this.#timeOut(agent);
    }
  }

  #step(agent: AgentState, options: readonly Option[]): void {
    const step = this.choices.length;
    const choice = choiceOf(agent.index, STEP);
    let credit = 1;
    // Beyond the plan an agent goes on until it blocks, or until the bound.
    while (step + credit < this.#settings.maxSteps) {
      if (step + credit < this.#plan.length && this.#plan[step + credit] !== choice) break;
      credit++;
    }
    this.#converse(agent, GO, credit, this.#situation.resume(agent), options);
    // Waking up is part of the step that follows; where none follows, it is a step of its own.
    if (this.choices.length === step) this.#record(choice, options);
  }

  #timeOut(agent: AgentState): void {
    const entry = this.#situation.timeOut(agent);
    this.#note(agent, entry ? 'its wait times out' : 'its timer fires');
    this.#converse(agent, TIME_OUT_COMMAND, 0, entry?.ticket ?? 0, NO_OPTIONS);
  }

  #kill(agent: AgentState): void {
    this.#situation.kill(agent);
    this.#note(agent, 'is killed');
  }

  /** Lets an agent run, answers its questions, and notes where it stops. */
  #converse(
    agent: AgentState,
    command: number,
    credit: number,
    number: number,
    options: readonly Option[],
  ): void {
    let report = this.#team.pass(agent.index, command, credit, number);
    let first = options;
    for (;;) {
      const taken = report === HUNG ? 0 : this.#team.read(agent.index, TAKEN);
      if (taken > 0) {
        this.#recordSteps(agent, taken, first);
        first = NO_OPTIONS;
      }
      const answer = this.#answer(agent, report);
      if (answer === undefined) break;
      report = this.#team.pass(agent.index, ANSWER, 0, answer);
    }
    this.#stop(agent, report);
  }

  /** Between steps of one agent nothing changes for the others until it reports. */
  #recordSteps(agent: AgentState, taken: number, first: readonly Option[]): void {
    const choice = choiceOf(agent.index, STEP);
    const rest = taken > 1 || first === NO_OPTIONS ? this.#situation.findOptions() : first;
    for (let step = 0; step < taken; step++) {
      const isSwitch = step === 0 && first !== NO_OPTIONS;
      const access = this.#team.accessOf(agent.index, step);
      this.#record(choice, isSwitch ? first : rest, access);
      this.#footprint.add(agent.index, access);
    }
    if (!this.#footprint.isBlurred && !this.#team.isMemoryKnown()) this.#footprint.blur();
  }

  /** The answer to an agent that goes on with its turn, `undefined` when the turn is over. */
  #answer(agent: AgentState, report: number): number | undefined {
    if (report === NOTIFY) {
      const woken = this.#situation.notify(agent);
      for (const other of woken) this.#note(other, 'is woken');
      return woken.length;
    }
    if (report !== WAIT_ASYNC) return undefined;
    this.#situation.enqueue(agent, this.#team.read(agent.index, NUMBER));
    return 0;
  }

  #stop(agent: AgentState, report: number): void {
    if (report === POINT) agent.phase = 'ready';
    else if (report === WAIT) {
      agent.phase = 'asleep';
      this.#situation.enqueue(agent, 0);
    } else if (report === IDLE || report === DONE) {
      agent.phase = 'idle';
      agent.isDone = report === DONE;
    } else if (report === WATCH) agent.phase = 'watching';
    else if (report === DIED) this.#situation.bury(agent);
    else if (report === FAILED) {
      const { message, details } = this.#team.takeFailure(agent.index);
      this.#fail('exception', `${this.#situation.nameOf(agent)}: ${message}`, details);
    } else {
      const name = this.#situation.nameOf(agent);
      this.#fail('hang', `${name} runs on without any atomic operation`);
    }
  }

  #finish(): Failure | undefined {
    if (!this.#situation.isSettled) {
      this.#fail('deadlock', `nobody can go on${this.#situation.describe()}`);
      return this.#failure;
    }
    if (this.choices.length < this.#plan.length) {
      this.#fail('replay', `everything is over after ${this.choices.length} steps of the replay`);
      return this.#failure;
    }
    const dead = this.#situation.agents.filter((agent) => agent.phase === 'dead');
    try {
      this.#settings.check(this.#team.words, { killed: dead.map((agent) => agent.index) });
    } catch (error) {
      const { message, stack } = error as Error;
      this.#fail('invariant', message, stack);
      return this.#failure;
    }
    // Only now the dead may unwind: their `finally` blocks must not touch a living schedule.
    for (const agent of dead) {
      if (this.#team.pass(agent.index, UNWIND) !== BASE) this.#stop(agent, HUNG);
    }
    return this.#failure;
  }

  #record(choice: Choice, options: readonly Option[], access: Access = ANYTHING): void {
    this.choices.push(choice);
    this.options.push(options);
    this.accesses.push(access);
  }

  #note(agent: AgentState, text: string): void {
    const number = this.#team.control[RECORDS] as number;
    this.#team.control[RECORDS] = number + 1;
    this.records.push({ number, agent: agent.index, text: `· ${text}` });
  }

  #fail(kind: Failure['kind'], message: string, details?: string): void {
    this.#failure = { kind, message, ...(details === undefined ? {} : { details }) };
  }
}
