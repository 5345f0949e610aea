import { isMainThread, threadId } from 'node:worker_threads';
import { Agent } from '../agents/agent.js';
import { AgentTable, type Tenant } from '../agents/agent-table.js';
import { type Identity, ownIdentity } from '../agents/identity.js';
import { Liveness } from '../agents/liveness.js';
import { Reaper } from '../agents/reaper.js';
import { SLOT } from '../agents/slot.js';
import { FamilyError } from '../errors.js';
import { Arena } from '../memory/arena.js';
import { Epochs } from '../memory/epochs.js';
import { HEADER, MAX_AGENTS, SLAB_BYTES } from '../memory/layout.js';
import type { Memory, MemoryKind } from '../memory/memory.js';
import type { Native } from '../memory/native.js';
import type { ProcessMemory } from '../memory/process-memory.js';
import { Names } from '../objects/names.js';
import { ObjectMap } from '../objects/object-map.js';
import { References } from '../objects/references.js';
import { readInvitation } from './invitation.js';
import { createThreadMemory, loadNative, mayHaveProcessMemory, openMemory } from './open-memory.js';
import { RENDEZVOUS, Rendezvous } from './rendezvous.js';
import { type FamilyOptions, readSettings } from './settings.js';
import { watchWorkers } from './watch-workers.js';

/** Places taken in the agent table between two looks for agents that ended unnoticed. */
const CROWD = 16;

/** The calling thread's membership in its family: the memory, and itself as an agent. */
export class Family {
  /** Random name of the family, 16 hexadecimal digits. */
  readonly id: string;
  /** The shared memory. */
  readonly memory: Memory;
  /** The platform's calls, where the memory is process memory. */
  readonly native: Native | undefined;
  /** Blocks in the memory. */
  readonly arena: Arena;
  /** The agents of the family. */
  readonly table: AgentTable;
  /** The calling thread. */
  readonly agent: Agent;
  /** What the calling thread refers to. */
  readonly references: References;
  /** The calling thread's objects. */
  readonly objects = new ObjectMap();
  /** Objects that have a name. */
  readonly names: Names;
  /** What the calling thread reads without a lock. */
  readonly epochs: Epochs;
  /** Takes back what the dead held. */
  readonly reaper: Reaper;
  /** Called when this agent ends normally, before it gives everything back; must not throw. */
  readonly farewells = new Set<() => void>();
  readonly #liveness: Liveness;

  /**
   * @param memory - opened before
   * @param invited - id that the starter claimed for this thread; 0: it joins by itself
   */
  constructor(memory: Memory, invited: number) {
    this.memory = memory;
    this.id = Buffer.from(memory.bytes.slice(HEADER.FAMILY * 4, HEADER.FAMILY * 4 + 8)).toString(
      'hex',
    );
    this.native = memory.kind === 'process' ? (memory as ProcessMemory).native : undefined;
    const identity = ownIdentity();
    // A terminated worker could not close the descriptors that watch processes.
    this.#liveness = new Liveness(isMainThread ? this.native : undefined);
    this.table = new AgentTable(memory, this.#liveness, identity);
    const id = this.#enter(identity, invited);
    this.agent = new Agent(memory, this.table, id);
    this.arena = new Arena(memory, this.agent, () => this.reaper.sweep());
    this.references = new References(this.arena, this.table, id);
    this.names = new Names(this.arena, this.agent);
    this.epochs = new Epochs(memory, this.table, id);
    this.reaper = new Reaper(this.arena, this.table, this.#liveness, this.agent, this.native);
    if (this.table.high % CROWD === 0) this.reaper.sweep();
    process.on('exit', this.#leave);
  }

  /** Size of the memory in bytes. */
  get size(): number {
    return (this.memory.words[HEADER.SLABS] as number) * SLAB_BYTES;
  }

  /**
   * Claims a place for an agent that is about to be started, after taking back those of agents
   * that ended unnoticed, if there is no other.
   *
   * @returns the new agent's id
   * @throws {@link FamilyError} when all places are taken by the living
   */
  claim(tenant: Tenant): number {
    if (this.table.high === MAX_AGENTS) this.reaper.sweep();
    return this.table.claim(tenant);
  }

  /** Reaps the agents of this process that ran in this worker thread, which has ended. */
  threadEnded(thread: number): void {
    for (const id of this.table.tenants()) {
      const isHere = this.table.get(id, SLOT.PID) === process.pid;
      if (isHere && this.table.get(id, SLOT.THREAD) === thread) this.reaper.reap(id);
    }
    // Whoever was faster may have been another process.
    this.reaper.adopt();
  }

  #enter(identity: Identity, invited: number): number {
    const name = isMainThread ? `process ${process.pid}` : `thread ${threadId} of ${process.pid}`;
    const id = invited || this.table.claim({ parent: 0, flags: 0, name, identity });
    this.table.set(id, SLOT.THREAD, threadId);
    if (this.table.identify(id, identity)) return id;
    throw new FamilyError('the family has given this agent up: its starter died while starting it');
  }

  /**
   * A normal end gives everything back at once, and abandons the locks that are still held. Not
   * when code of the user runs afterwards: it may still use shared objects, with an id that
   * others would take for a dead agent's. Then the others find the death out.
   */
  readonly #leave = (): void => {
    if (process.listeners('exit').at(-1) !== this.#leave) return;
    for (const farewell of this.farewells) farewell();
    this.reaper.reap(this.agent.id);
    this.#liveness.close();
    this.agent.close();
  };
}

/** One membership for each thread, whatever number of copies of core it has loaded. */
const CURRENT = Symbol.for(`multiproc.family.current`);

interface Membership {
  family?: Family;
  rendezvous: Rendezvous;
  options: FamilyOptions;
  invited: number;
  /** Whether thread memory was made here that nobody has seen yet, so that it can be replaced. */
  isUnseen: boolean;
}

function membership(): Membership {
  const owner = process as { [CURRENT]?: Membership };
  let current = owner[CURRENT];
  if (!current) {
    const invitation = readInvitation();
    const rendezvous = new Rendezvous();
    if (invitation) rendezvous.inherit(invitation.fd, invitation.size);
    const made: Membership = {
      rendezvous,
      options: {},
      invited: invitation?.agent ?? 0,
      isUnseen: false,
    };
    current = made;
    owner[CURRENT] = made;
    watchWorkers(() => made.family);
    process.once('worker', () => {
      made.isUnseen = false;
    });
  }
  return current;
}

/**
 * The family of the calling thread, joined or founded on the first call.
 *
 * @throws FamilyError when the memory cannot be had, or the family is full
 */
export function currentFamily(): Family {
  const current = membership();
  if (!current.family) {
    const memory = openMemory(current.rendezvous, readSettings(current.options));
    current.family = new Family(memory, current.invited);
  }
  return current.family;
}

/** The kind of memory that the family has or will have; told without founding or joining it. */
export function memoryKind(): MemoryKind {
  const current = membership();
  if (current.family) return current.family.memory.kind;
  const { state } = current.rendezvous;
  if (state === RENDEZVOUS.THREADS) return 'thread';
  if (state !== RENDEZVOUS.NONE) return 'process';
  const mayHave = mayHaveProcessMemory(readSettings(current.options));
  return mayHave && typeof loadNative() !== 'string' ? 'process' : 'thread';
}

/** Whether the calling thread has joined its family already. */
export function hasJoined(): boolean {
  return membership().family !== undefined;
}

/**
 * Tells a started thread or process who it is; used by bootstraps before user code runs.
 *
 * @param agentId - the id that the starter claimed
 * @param file - the family's file, where one was inherited: descriptor and length in bytes
 */
export function acceptInvitation(agentId: number, file?: { fd: number; size: number }): void {
  const current = membership();
  current.invited = agentId;
  if (file) current.rendezvous.inherit(file.fd, file.size);
}

/**
 * Chooses the family's memory. Must be called in the root process, before the first shared
 * object is made or process is started.
 *
 * Python counterpart: none; the choice between `multiprocessing` and `threading` comes closest.
 *
 * @param options - kind and size of the memory
 * @throws {@link FamilyError} when the family exists already
 * @throws ArgumentTypeError, ArgumentRangeError for impossible options
 *
 * @example
 * ```ts
 * import { configure } from '@multiproc/core';
 *
 * configure({ arenaSize: 256 * 2 ** 20 });
 * ```
 */
export function configure(options: FamilyOptions): void {
  const current = membership();
  readSettings(options);
  const isOpen = current.rendezvous.state === RENDEZVOUS.NONE || current.isUnseen;
  if (current.family || !isOpen) {
    throw new FamilyError(
      'the family exists already: call configure() before anything shared is made and before a ' +
        'worker is started, in the root process',
    );
  }
  if (current.isUnseen) current.rendezvous = new Rendezvous(true);
  current.options = { ...current.options, ...options };
  prepareThreads(current);
}

/** Thread memory must exist before the workers that are to share it; making it costs nothing. */
function prepareThreads(current: Membership): void {
  const settings = readSettings(current.options);
  if (mayHaveProcessMemory(settings) || settings.memory === 'process') return;
  const { rendezvous } = current;
  if (!rendezvous.begin(RENDEZVOUS.NONE)) return;
  createThreadMemory(rendezvous, settings.slabs);
  current.isUnseen = true;
}

prepareThreads(membership());
