import { type Choice, formatChoices, parseChoices } from './choices.js';
import { Footprint } from './footprint.js';
import type { Exploration, Model } from './model.js';
import { settingsOf } from './run-settings.js';
import { type Failure, ScheduleError } from './schedule-error.js';
import { ScheduleRun } from './schedule-run.js';
import { Search } from './search.js';
import { makeLoadable } from './subject.js';
import { Team, type TeamOptions } from './team.js';
import { formatTrace } from './trace.js';

/** After so many milliseconds of schedules the event loop turns once, for the test runner's sake. */
const SLICE = 50;

/**
 * Runs a model under every schedule with at most `bound` interruptions.
 *
 * Each agent is a thread in which `Atomics`, clocks and timers are simulated, and exactly one of
 * them runs at a time; who does the next atomic operation is decided here. As all atomic
 * operations of JavaScript are totally ordered, trying all interleavings of them is trying
 * everything that can happen, for code that shares data only through `Atomics` or under a lock
 * made of them. Interleavings that differ only in the order of steps that commute are tried once,
 * unless agents write to the memory without `Atomics`. Waits never time out unless the model allows it, so a lost wake-up is a deadlock
 * and not a delay.
 *
 * What ends in an agent without the explorer's knowing is outside the model: files, sockets,
 * ports, `node:timers/promises`, `AbortSignal.timeout`. Several flows inside one agent always
 * run in the same order.
 *
 * @param model - agents, memory and what must hold
 * @returns how much was tried
 * @throws {@link ScheduleError} for the first schedule with a deadlock, an exception, a broken
 *   invariant or no end
 *
 * @example
 * ```ts
 * import { explore } from '@multiproc/testing';
 *
 * const { schedules } = await explore({
 *   module: new URL('./fixtures/mutex-agents.js', import.meta.url),
 *   subject: new URL('../dist/index.js', import.meta.url),
 *   agents: ['locker', 'locker', 'awaiter'],
 *   words: 8,
 *   check: (words) => expect(words[1]).toBe(3),
 * });
 * console.log(schedules > 100); // → true
 * ```
 */
export async function explore(model: Model): Promise<Exploration> {
  const module = await makeLoadable(model.module);
  const subject = model.subject && (await makeLoadable(model.subject, model.patch));
  try {
    const team: TeamOptions = {
      agents: model.agents,
      words: model.words,
      module: module.url,
      subject: subject?.url,
      isTraced: false,
      maxSteps: settingsOf(model).maxSteps,
      hangTimeout: model.hangTimeout ?? 30_000,
    };
    return await runAll(model, team);
  } finally {
    await module.dispose();
    await subject?.dispose();
  }
}

async function runAll(model: Model, options: TeamOptions): Promise<Exploration> {
  const started = performance.now();
  const replay = replayOf(model);
  const team = await Team.start(options);
  try {
    const footprint = new Footprint(model.words);
    let search = new Search(model.bound ?? 2, footprint);
    let schedules = 0;
    let steps = 0;
    let sliceEnd = started + SLICE;
    let plan = replay ?? search.next();
    for (; plan && schedules < (model.maxSchedules ?? Number.POSITIVE_INFINITY); schedules++) {
      const run = new ScheduleRun(team, settingsOf(model), plan, footprint);
      const failure = run.run();
      if (failure) throw await explain(model, options, failure, plan);
      steps += run.choices.length;
      if (footprint.isStale) search = new Search(model.bound ?? 2, footprint);
      else if (!replay) search.branch(plan.length, run);
      plan = replay ? undefined : search.next();
      if (performance.now() > sliceEnd) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceEnd = performance.now() + SLICE;
      }
    }
    const milliseconds = performance.now() - started;
    return { schedules, steps, milliseconds, isComplete: plan === undefined && !replay };
  } finally {
    await team.dispose();
  }
}

/** Runs a failing schedule again with a record of every step, and makes it an error. */
async function explain(
  model: Model,
  options: TeamOptions,
  failure: Failure,
  plan: readonly Choice[],
): Promise<ScheduleError> {
  const replay = `${nameOf(model)}@${formatChoices(plan)}`;
  const team = await Team.start({ ...options, isTraced: true });
  try {
    const settings = settingsOf(model);
    const run = new ScheduleRun(team, settings, plan, new Footprint(model.words));
    const again = run.run();
    const schedule = formatTrace([...team.takeRecords(), ...run.records], settings);
    if (again?.kind === failure.kind) return new ScheduleError(again, schedule, replay);
    const outcome = again ? `${again.kind}: ${again.message}` : 'passed';
    const message = `once "${failure.kind}: ${failure.message}", and at the second time it ${outcome}`;
    return new ScheduleError({ ...failure, kind: 'not deterministic', message }, schedule, replay);
  } finally {
    await team.dispose();
  }
}

function nameOf(model: Model): string {
  const name = model.name ?? model.agents.join('+');
  return model.patch ? `${name}/${model.patch.name}` : name;
}

/** The one schedule to run, when the model or the environment asks for one of this model. */
function replayOf(model: Model): Choice[] | undefined {
  const wanted = model.replay ?? process.env.MP_REPLAY;
  if (wanted === undefined) return undefined;
  const end = wanted.lastIndexOf('@');
  const isMeant = wanted.slice(0, Math.max(0, end)) === nameOf(model);
  if (!isMeant && model.replay === undefined) return undefined;
  return parseChoices(wanted.slice(end + 1));
}
