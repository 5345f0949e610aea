import {
  currentFamily,
  type Encoded,
  EncodeError,
  type Exportable,
  encode,
  type Family,
  FLAG,
  type FunctionReference,
  isMultiprocError,
  knownBinary,
  locateFunction,
  ownIdentity,
  readPayload,
  SLOT,
  writePayload,
} from '@multiproc/core';
import type { Child } from './child.js';
import { ProcessStartError } from './errors.js';
import { ownSelf } from './own-self.js';
import type { Process } from './process.js';
import { type ProcessState, stateOf, type Task } from './process-state.js';
import type { StartMethod } from './self.js';
import { SentHandles } from './sent-handles.js';
import { firstHandle, SpawnedChild } from './spawned-child.js';
import { type HandleFacts, type Preamble, valuesStart, writePreamble } from './start-message.js';
import { chooseStartMethod } from './start-methods.js';
import { ThreadChild } from './thread-child.js';

/** What a message is made of, all of it checked. */
interface Content {
  readonly target: FunctionReference | null;
  readonly subclass: FunctionReference | null;
  /** `undefined`: the target takes no arguments. */
  readonly values: Encoded | undefined;
  readonly handles: SentHandles;
}

/**
 * Starts the child of a process.
 *
 * @param process - checked to be startable
 * @param subclass - its class, when that has a `run` of its own
 * @param onEnd - called when the child is known to have ended
 * @throws NotExportedError, EncodeError, before anything has been changed; FamilyError,
 * ArenaFullError, StartMethodError, ProcessStartError
 */
export function startChild(
  process: Process,
  subclass: Exportable | undefined,
  onEnd: () => void,
): Child {
  const family = currentFamily();
  const state = stateOf(process);
  const method = chooseStartMethod(state.settings.startMethod);
  const content = readContent(state.task as Task, process, subclass);
  const { handles } = content;
  const flags = (state.facts.daemon ? FLAG.DAEMON : 0) | (method === 'spawn' ? FLAG.PROCESS : 0);
  const { name } = state.facts;
  const agent = family.claim({ parent: family.agent.id, flags, name });
  try {
    const child =
      method === 'spawn'
        ? spawn(family, agent, state, content, onEnd)
        : startThread(family, agent, state, content, onEnd);
    handles.surrender();
    return child;
  } catch (error) {
    // Frees the message, too.
    family.reaper.reap(agent);
    if (family.native) handles.closeDuplicates((fd) => family.native?.close(fd));
    throw isMultiprocError(error) ? error : failure(method, error);
  }
}

function failure(method: StartMethod, cause: unknown): ProcessStartError {
  const what = method === 'spawn' ? 'process' : 'thread';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ProcessStartError(`the ${what} could not be started: ${why}`, { cause });
}

function spawn(
  family: Family,
  agent: number,
  state: ProcessState,
  content: Content,
  onEnd: () => void,
): Child {
  const { facts, settings } = state;
  const { handles } = content;
  const message = composed(state, content, handles.inherited(firstHandle(facts.daemon)));
  const { byteOffset, byteLength } = place(family, agent, message);
  return new SpawnedChild({
    family,
    agent,
    name: facts.name,
    daemon: facts.daemon,
    position: byteOffset,
    length: byteLength,
    fds: handles.fds,
    env: settings.env,
    execArgv: settings.execArgv,
    resourceLimits: settings.resourceLimits,
    onEnd,
  });
}

function startThread(
  family: Family,
  agent: number,
  state: ProcessState,
  content: Content,
  onEnd: () => void,
): Child {
  const { facts, settings } = state;
  const { handles } = content;
  const { native } = family;
  const message = composed(
    state,
    content,
    handles.duplicated(native && ((fd) => native.duplicate(fd))),
  );
  const bytes = message.toBytes();
  // The bytes go to the thread directly; the block is there for its references.
  if (message.references.length > 0) place(family, agent, message);
  return new ThreadChild({
    family,
    agent,
    name: facts.name,
    daemon: facts.daemon,
    message: bytes,
    env: settings.env,
    execArgv: settings.execArgv,
    resourceLimits: settings.resourceLimits,
    closeHandles: () => handles.closeDuplicates((fd) => native?.close(fd)),
    onEnd,
  });
}

/** Puts the message where the child finds it and whoever reaps the child frees it. */
function place(family: Family, agent: number, message: Encoded): Uint8Array {
  const block = writePayload(family.arena, message);
  family.table.set(agent, SLOT.START, block);
  return readPayload(family.arena, block);
}

/** Finds and encodes everything that can be refused. */
function readContent(task: Task, process: Process, subclass: Exportable | undefined): Content {
  const handles = new SentHandles();
  const { target, args, kwargs } = task;
  const fields = subclass ? { ...process } : {};
  const isEmpty = args.length === 0 && kwargs === undefined && Object.keys(fields).length === 0;
  return {
    target: typeof target === 'function' ? locateFunction(target) : (target ?? null),
    subclass: subclass ? locateFunction(subclass) : null,
    values: isEmpty ? undefined : encodeValues({ args, kwargs, this: fields }, handles),
    handles,
  };
}

function encodeValues(values: object, handles: SentHandles): Encoded {
  try {
    return encode(values, { path: '', foreign: handles.find });
  } catch (error) {
    if (!isMultiprocError(error, 'ERR_ENCODE')) throw error;
    // The values are members of one object that only we know of.
    const { path } = error as EncodeError;
    throw new EncodeError(path.slice(1), error.message.slice(1), { cause: error.cause });
  }
}

/** The whole message, in the form in which core writes encoded values. */
function composed(state: ProcessState, content: Content, handles: HandleFacts[]): Encoded {
  const { values } = content;
  const preamble = Buffer.from(JSON.stringify(preambleOf(state, content, handles)));
  const start = valuesStart(preamble.length);
  const byteLength = start + (values?.byteLength ?? 0);
  const copyTo = (target: Uint8Array) => {
    writePreamble(target, preamble);
    values?.copyTo(target.subarray(start));
  };
  return {
    byteLength,
    references: values?.references ?? [],
    modules: values?.modules ?? [],
    copyTo,
    toBytes: () => {
      const bytes = new Uint8Array(byteLength);
      copyTo(bytes);
      return bytes;
    },
  };
}

function preambleOf(state: ProcessState, content: Content, handles: HandleFacts[]): Preamble {
  const { name, daemon, authKey, lineage } = state.facts;
  const self = ownSelf();
  return {
    name,
    daemon,
    lineage,
    authKey: Buffer.from(authKey).toString('base64'),
    argv: process.argv.slice(2),
    parent: { pid: process.pid, name: self.name, identity: ownIdentity() },
    startMethod: self.startMethod ?? null,
    target: content.target,
    subclass: content.subclass,
    handles,
    binary: knownBinary(),
  };
}
