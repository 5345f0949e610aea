import { pidNamespace } from '../agents/identity.js';
import { FamilyError } from '../errors.js';
import {
  firstSlab,
  HEADER,
  LAYOUT_VERSION,
  MAGIC,
  SLAB_BYTES,
  SLAB_TABLE,
} from '../memory/layout.js';
import { LinuxNative } from '../memory/linux-native.js';
import type { Memory } from '../memory/memory.js';
import { ProcessMemory } from '../memory/process-memory.js';
import { statusOf } from '../memory/status-of.js';
import { ThreadMemory } from '../memory/thread-memory.js';
import { randomBytes } from '../random-bytes.js';
import { acceptOffer } from './family-env.js';
import { knownBinary, rememberBinary } from './native-binary.js';
import { RENDEZVOUS, type Rendezvous } from './rendezvous.js';
import type { Settings } from './settings.js';

let native: LinuxNative | string | undefined;

/** The platform's calls, or the reason why there are none. Loaded when first needed. */
export function loadNative(): LinuxNative | string {
  if (native === undefined) {
    native = LinuxNative.load(knownBinary());
    if (typeof native !== 'string') rememberBinary(native.binary);
  }
  return native;
}

/** Whether process memory can be had here, told without loading anything. */
export function mayHaveProcessMemory(settings: Settings): boolean {
  return settings.memory !== 'thread' && process.platform === 'linux';
}

/**
 * Opens the family's memory for this thread: mapped already by another thread of the process,
 * received from the process's starter, or new.
 *
 * @throws FamilyError when the memory asked for cannot be had, or is of another layout
 */
export function openMemory(rendezvous: Rendezvous, settings: Settings): Memory {
  for (;;) {
    const state = rendezvous.state;
    if (state === RENDEZVOUS.MAPPED) {
      return new ProcessMemory(demandNative(), rendezvous.fd, rendezvous.address, rendezvous.size);
    }
    if (state === RENDEZVOUS.THREADS) return joinThreads(rendezvous);
    if (state === RENDEZVOUS.BUSY) {
      throw new FamilyError('another thread of this process began to open the family and ended');
    }
    if (!rendezvous.begin(state)) continue;
    try {
      return state === RENDEZVOUS.INHERITED
        ? mapInherited(rendezvous)
        : createMemory(rendezvous, settings);
    } catch (error) {
      rendezvous.failed(state);
      throw error;
    }
  }
}

function demandNative(): LinuxNative {
  const loaded = loadNative();
  if (typeof loaded !== 'string') return loaded;
  throw new FamilyError(
    `memory shared by processes cannot be had here: ${loaded}. Install the optional dependency ` +
      "koffi, or use memory shared by threads: configure({ memory: 'thread' })",
  );
}

function joinThreads(rendezvous: Rendezvous): Memory {
  const { buffer } = rendezvous;
  if (buffer) return new ThreadMemory(buffer);
  throw new FamilyError(
    'this worker was started before its process chose thread memory: call configure() or make the ' +
      'first shared object before starting workers',
  );
}

function createMemory(rendezvous: Rendezvous, settings: Settings): Memory {
  const loaded = settings.memory === 'thread' ? 'thread memory was asked for' : loadNative();
  if (typeof loaded === 'string') {
    if (settings.memory === 'process') demandNative();
    return createThreadMemory(rendezvous, settings.slabs);
  }
  const offer = acceptOffer(loaded);
  if (offer) return joinOffered(rendezvous, loaded, offer);
  const size = settings.slabs * SLAB_BYTES;
  const fd = createFile(loaded);
  const tables = firstSlab(settings.slabs) * SLAB_BYTES;
  if (!loaded.commit(fd, 0, tables)) {
    throw new FamilyError(`the system has no ${tables} bytes of memory left for a family`);
  }
  const memory = new ProcessMemory(loaded, fd, loaded.map(fd, size), size);
  writeHeader(memory, settings.slabs);
  rendezvous.mapped(fd, size, memory.address);
  return memory;
}

function createFile(loaded: LinuxNative): number {
  try {
    return loaded.createFile('multiproc');
  } catch (cause) {
    throw new FamilyError(
      'the system refuses an anonymous shared file (memfd_create), perhaps by a sandbox: use memory ' +
        "shared by threads, configure({ memory: 'thread' }) or MULTIPROC_MEMORY=thread",
      { cause },
    );
  }
}

/** Makes thread memory and hands it to the workers that are started from now on. */
export function createThreadMemory(rendezvous: Rendezvous, slabs: number): Memory {
  const buffer = new SharedArrayBuffer(slabs * SLAB_BYTES);
  const memory = new ThreadMemory(buffer);
  writeHeader(memory, slabs);
  rendezvous.threads(buffer);
  return memory;
}

/** Joins the family that the environment names: see `familyEnv`. */
function joinOffered(
  rendezvous: Rendezvous,
  loaded: LinuxNative,
  { fd, size }: { fd: number; size: number },
): Memory {
  const memory = new ProcessMemory(loaded, fd, loaded.map(fd, size), size);
  checkHeader(memory);
  rendezvous.mapped(fd, size, memory.address);
  return memory;
}

function mapInherited(rendezvous: Rendezvous): Memory {
  const loaded = demandNative();
  const { fd: inherited, size } = rendezvous;
  // A second descriptor, closed on exec: the one that came from the starter would leak into every
  // program that this process runs. Not by `openSync`: what a worker opens with that, Node closes
  // when the worker ends, and the family's file must stay open as long as the process lives.
  const fd = loaded.duplicate(inherited);
  try {
    // Touching what is beyond the end of a file is a bus error.
    if (statusOf(fd).size < SLAB_TABLE) throw notAnArena();
    const memory = new ProcessMemory(loaded, fd, loaded.map(fd, size), size);
    checkHeader(memory);
    rendezvous.mapped(fd, size, memory.address);
    // Last: as long as this may fail, another thread may try again.
    loaded.close(inherited);
    return memory;
  } catch (error) {
    loaded.close(fd);
    throw error;
  }
}

function notAnArena(): FamilyError {
  return new FamilyError('the memory received from the starting process is not a multiproc arena');
}

function writeHeader(memory: Memory, slabs: number): void {
  const { words } = memory;
  words[HEADER.VERSION] = LAYOUT_VERSION;
  words[HEADER.SLABS] = slabs;
  words[HEADER.PID_NAMESPACE] = pidNamespace();
  memory.bytes.set(randomBytes(8), HEADER.FAMILY * 4);
  words[HEADER.COMMITTED] = firstSlab(slabs);
  // Publishes the header to checkHeader.
  Atomics.store(words, HEADER.MAGIC, MAGIC);
}

/** Refuses memory that this copy of core does not understand. */
export function checkHeader(memory: Memory): void {
  const { words } = memory;
  if (Atomics.load(words, HEADER.MAGIC) !== MAGIC) {
    throw notAnArena();
  }
  if (words[HEADER.VERSION] !== LAYOUT_VERSION) {
    throw new FamilyError(
      `the family's memory has layout ${words[HEADER.VERSION]}, this copy of @multiproc/core ` +
        `understands layout ${LAYOUT_VERSION}: install one version of @multiproc/core for all of them`,
    );
  }
  if (words[HEADER.PID_NAMESPACE] !== pidNamespace()) {
    throw new FamilyError(
      'the family lives in another pid namespace, where this process could not tell who is alive',
    );
  }
}
