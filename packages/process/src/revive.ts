import { ownSelf } from './own-self.js';
import type { Process } from './process.js';
import { type StartSettings, setState, type Task } from './process-state.js';

const NO_SETTINGS: StartSettings = {
  startMethod: undefined,
  env: undefined,
  execArgv: undefined,
  resourceLimits: undefined,
};

/**
 * Makes the object that stands for the calling process, without running a constructor.
 *
 * @param prototype - of `Process` or of a subclass
 * @param fields - own properties of the instance that was started
 * @param task - what `run` of `Process` does
 */
export function revive(prototype: Process, fields: object, task: Task | undefined): Process {
  const self = ownSelf();
  const instance: Process = Object.create(prototype);
  setState(instance, {
    facts: self,
    settings: NO_SETTINGS,
    task,
    child: undefined,
    isClosed: false,
    isCurrent: true,
    maker: self.parent?.pid,
  });
  // Defined and not assigned: a setter of the class must not run before its instance is whole.
  Object.defineProperties(instance, Object.getOwnPropertyDescriptors(fields));
  self.process = instance;
  return instance;
}
