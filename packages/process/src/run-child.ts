import type { DecodeOptions, FunctionReference } from '@multiproc/core';
import { DrainWatch } from './drain-watch.js';
import type { Process } from './process.js';
import { receiveHandle } from './received-handles.js';
import { writeSelf } from './self.js';
import type { HandleFacts, Preamble, StartValues } from './start-message.js';

// Loads nothing by itself: whatever is imported here, every child pays for.

const TYPESCRIPT = /\.[cm]?tsx?$/;

type Target = (...args: unknown[]) => unknown;

/** A child's way in: who it is, and what it was given to do. */
export interface ChildStart {
  /** The two parts of the start message. */
  readonly preamble: Preamble;
  readonly values: Uint8Array;
  /** The place that the starter has claimed in the agent table. */
  readonly agent: number;
  /** Called before descriptors from the message are used, where the starter could take them back. */
  takeHandles?(): void;
}

/**
 * Runs the child until its target has returned; what the target has left behind (servers, timers)
 * keeps the process alive after that, as in any Node program.
 *
 * @param start - who this is, and what to do
 * @throws what the target, or the import of its module, throws
 */
export async function runChild(start: ChildStart): Promise<void> {
  const { preamble } = start;
  // The path of the bootstrap stays: were it the path of the parent's program, a module that
  // compares itself with argv[1] would take itself for the program and start it again.
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...preamble.argv);
  const self = writeSelf({
    name: preamble.name,
    daemon: preamble.daemon,
    lineage: preamble.lineage,
    authKey: Buffer.from(preamble.authKey, 'base64'),
    parent: preamble.parent,
    startMethod: preamble.startMethod ?? undefined,
    importing: 1,
    children: 0,
    process: undefined,
  });
  const watch = new DrainWatch(preamble.name);
  const task = await prepare(start, watch).finally(() => {
    self.importing--;
  });
  await task();
  watch.stop();
}

/** Imports what is to be run, and decodes what it is to be run with. */
async function prepare(start: ChildStart, watch: DrainWatch): Promise<() => unknown> {
  const { preamble } = start;
  const target = preamble.target ? await importFunction(preamble.target, watch) : undefined;
  const subclass = preamble.subclass ? await importFunction(preamble.subclass, watch) : undefined;
  const decoded = start.values.length > 0 ? await decodeValues(start, watch) : undefined;
  watch.importing = undefined;
  const args = decoded?.args ?? [];
  const kwargs = decoded?.kwargs;
  if (subclass === undefined) {
    return () => target?.(...args, ...(kwargs === undefined ? [] : [kwargs]));
  }
  const { revive } = await import('./revive.js');
  const { prototype } = subclass as unknown as { prototype: Process };
  const instance = revive(prototype, decoded?.this ?? {}, { target, args, kwargs });
  return () => instance.run();
}

/** The function that a reference names. Core is loaded only for what a plain import cannot do. */
async function importFunction(reference: FunctionReference, watch: DrainWatch): Promise<Target> {
  const { module, name } = reference;
  watch.importing = module;
  let found: unknown;
  if (!TYPESCRIPT.test(new URL(module).pathname)) {
    found = ((await import(/* @vite-ignore */ module)) as Record<string, unknown>)[name];
  }
  if (typeof found !== 'function') {
    const core = await import('@multiproc/core');
    await core.prepareTypeScript(module);
    await core.importModule(module);
    found = core.loadedExport(module, name);
  }
  if (typeof found === 'function') return found as Target;
  const { inspect } = await import('node:util');
  throw new TypeError(
    `${name} of ${module} is to be run, so it must be a function, but is ${inspect(found, { depth: 0 })}`,
  );
}

async function decodeValues(start: ChildStart, watch: DrainWatch): Promise<StartValues> {
  const { values } = start;
  const core = await import('@multiproc/core');
  for (const module of core.modulesOf(values)) {
    watch.importing = module;
    await core.prepareTypeScript(module);
    await core.importModule(module);
  }
  const decoded = core.decode(values, handleOptions(start)) as StartValues;
  // The message holds references to the shared objects in it; by now this agent has its own.
  if (core.hasJoined()) {
    const { table, arena } = core.currentFamily();
    const { agent } = start;
    const block = table.get(agent, core.SLOT.START);
    // By exchange: a reaper may take this agent for dead and free the block first.
    if (block !== 0 && table.exchange(agent, core.SLOT.START, block, 0)) {
      core.freePayload(arena, block);
    }
  }
  return decoded;
}

/** How the codec gets at the sockets and servers that came with the message. */
function handleOptions(start: ChildStart): DecodeOptions {
  const { handles } = start.preamble;
  if (handles.length === 0) return {};
  start.takeHandles?.();
  return { foreign: (index) => receiveHandle(handles[index] as HandleFacts) };
}
