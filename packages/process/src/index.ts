/**
 * `Process` and what belongs to it from Python's `multiprocessing`: OS processes and worker
 * threads with one API.
 *
 * @packageDocumentation
 */
export { activeChildren } from './active-children.js';
export { Context, getContext } from './context.js';
export { cpuCount } from './cpu-count.js';
export { currentProcess } from './current-process.js';
export {
  BootstrapError,
  ProcessStartError,
  ProcessStateError,
  StartMethodError,
} from './errors.js';
export { setExecutable } from './executable.js';
export { allowChildren, whileImporting } from './inside.js';
export { onExit } from './on-exit.js';
export { isMainProcess } from './own-self.js';
export { ParentProcess, parentProcess } from './parent-process.js';
export {
  Process,
  type ProcessOptions,
  type TargetReference,
  type TerminateOptions,
} from './process.js';
export type { AnyFunction } from './process-state.js';
export type { StartMethod } from './self.js';
export { Sentinel } from './sentinel.js';
export {
  type GetStartMethodOptions,
  getAllStartMethods,
  getStartMethod,
  type SetStartMethodOptions,
  setStartMethod,
} from './start-methods.js';
