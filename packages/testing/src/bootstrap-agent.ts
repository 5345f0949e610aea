import { type MessagePort, workerData } from 'node:worker_threads';
import { AgentHandle } from './agent/agent-handle.js';
import { Baton, UNWINDING } from './agent/baton.js';
import { originals } from './agent/originals.js';
import { SimulatedAtomics } from './agent/simulated-atomics.js';
import { SimulatedTime } from './agent/simulated-time.js';
import { type AgentStart, BASE, DONE, IDLE, START, TIME_OUT } from './explorer/channel.js';
import type { ModelAgent } from './explorer/model.js';

type AgentFunction = (words: Int32Array, agent: ModelAgent, state: unknown) => unknown;

const { start, port } = workerData as { start: AgentStart; port: MessagePort };
const baton = new Baton(start, port);
const atomics = new SimulatedAtomics(baton);
const time = new SimulatedTime(baton);

let thrown: { error: unknown } | undefined;
const rememberThrown = (error: unknown) => {
  thrown ??= { error };
};

/** Imports what the agent runs; `Atomics` is replaced by then. */
async function load(): Promise<{ handle: AgentHandle; exports: Record<string, AgentFunction> }> {
  const subject: unknown = start.subject === undefined ? undefined : await import(start.subject);
  const exports = await import(start.module);
  const name = start.agents[start.index] as string;
  if (typeof exports[name] !== 'function') {
    throw new TypeError(`${start.module} exports no function '${name}'`);
  }
  return { handle: new AgentHandle(baton, time, subject), exports };
}

/** Runs the agent function once; returns whether START of the next schedule has come already. */
async function runSchedule(
  handle: AgentHandle,
  exports: Record<string, AgentFunction>,
): Promise<boolean> {
  baton.reset();
  atomics.reset();
  time.reset();
  thrown = undefined;
  let isDone = false;
  try {
    const state = await exports.setup?.(start.words, handle, undefined);
    baton.isSettingUp = false;
    const result = (exports[handle.name] as AgentFunction)(start.words, handle, state);
    void Promise.resolve(result).then(() => {
      isDone = true;
    }, rememberThrown);
  } catch (error) {
    rememberThrown(error);
  }
  try {
    return await serveEventLoop(() => isDone);
  } catch (error) {
    if (error === UNWINDING) return false;
    throw error;
  }
}

/** Lets microtasks and immediates run freely, and asks the explorer when there are none left. */
async function serveEventLoop(isDone: () => boolean): Promise<boolean> {
  for (;;) {
    await new Promise((resolve) => originals.setImmediate(resolve));
    if (baton.isUnwinding) return false;
    if (thrown) baton.fail(thrown.error);
    if (runSafely(() => time.runImmediate())) continue;
    time.publishDue();
    const command = baton.handBack(isDone() ? DONE : IDLE);
    if (command === START) return true;
    const ticket = baton.number;
    if (command !== TIME_OUT) atomics.resolve(ticket, 'ok');
    else if (ticket === 0) runSafely(() => time.fire());
    else atomics.resolve(ticket, 'timed-out');
  }
}

/** Runs a callback of the code under test; what it throws fails the schedule. */
function runSafely(callback: () => unknown): unknown {
  try {
    return callback();
  } catch (error) {
    rememberThrown(error);
    return true;
  }
}

process.on('unhandledRejection', rememberThrown);
process.on('uncaughtException', rememberThrown);
if (start.isTraced) process.setSourceMapsEnabled(true);
atomics.install();
time.install();
try {
  const { handle, exports } = await load();
  baton.announce();
  baton.await();
  for (;;) {
    const isStartedAgain = await runSchedule(handle, exports);
    if (!isStartedAgain) baton.handBack(BASE);
  }
} catch (error) {
  baton.announce(error);
}
