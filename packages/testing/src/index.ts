/**
 * What the tests of this repository share: a schedule explorer for code on `Atomics`, and
 * helpers to start, watch and kill threads and programs.
 *
 * @packageDocumentation
 */

export { Board } from './board.js';
export { type Combination, combinations } from './combinations.js';
export { elapsed } from './elapsed.js';
export { eventually } from './eventually.js';
export { explore } from './explorer/explore.js';
export type { Exploration, Model, ModelAgent, Patch } from './explorer/model.js';
export { type SabotageOutcome, sabotage } from './explorer/sabotage.js';
export { type Failure, type FailureKind, ScheduleError } from './explorer/schedule-error.js';
export { Leftovers, type LeftoversOptions } from './leftovers.js';
export { SeededRandom } from './seeded-random.js';
export { reapAll } from './spawn/reap-all.js';
export { type ProgramOptions, SpawnedProgram, spawnProgram } from './spawn/spawn-program.js';
export { SpawnedThread, spawnThread } from './spawn/spawn-thread.js';
export { type Exit, Spawned } from './spawn/spawned.js';
export { timersRunBeside } from './timers-run-beside.js';
export { collectGarbage, untilCollected } from './until-collected.js';
export { within } from './within.js';
