import type { Arena } from '../memory/arena.js';
import { HEADER } from '../memory/layout.js';
import type { Native } from '../memory/native.js';
import { freePayload } from '../objects/payload.js';
import { releaseAll } from '../objects/references.js';
import { Adopted } from './adopted.js';
import type { Agent } from './agent.js';
import type { AgentTable } from './agent-table.js';
import { isOwnChild } from './identity.js';
import type { Liveness } from './liveness.js';
import { FLAG, SLOT } from './slot.js';

/** Least time between two looks for the dead that waiters make, in milliseconds. */
const LOOK_INTERVAL = 20;

/** Takes back what agents that have ended held: references, start arguments, their place. */
export class Reaper {
  /**
   * Called by `look`: each looks at a thread or process that this agent has started. Until that has
   * joined the family, nobody else can tell that it has ended.
   */
  readonly lookers = new Set<() => void>();
  readonly #arena: Arena;
  readonly #table: AgentTable;
  readonly #liveness: Liveness;
  readonly #agent: Agent;
  /** `undefined` where there are no processes. */
  readonly #adopted: Adopted | undefined;

  /**
   * @param arena - the family's blocks
   * @param table - the agents of the family
   * @param liveness - what was kept in order to watch them
   * @param agent - the calling agent
   * @param native - the platform's calls; `undefined` in thread memory
   */
  constructor(
    arena: Arena,
    table: AgentTable,
    liveness: Liveness,
    agent: Agent,
    native?: Native | undefined,
  ) {
    this.#arena = arena;
    this.#table = table;
    this.#liveness = liveness;
    this.#agent = agent;
    this.#adopted = native && new Adopted(native, (id) => this.reap(id));
  }

  /** Reaps every agent that has ended without anybody noticing. */
  sweep(): void {
    for (const id of this.#table.tenants()) {
      if (id !== this.#agent.id && this.#table.isDead(id)) this.reap(id);
    }
  }

  /**
   * `sweep` for waiters, who call it in every thorough attempt: at most one in 20 ms in the family,
   * because each of many waiters would otherwise ask for each of many agents. Who comes in between
   * finds out in its next slice what has happened since.
   */
  look(): void {
    for (const looker of [...this.lookers]) looker();
    const { words } = this.#arena.memory;
    const now = Number(process.hrtime.bigint() / 1_000_000n) | 0;
    const before = Atomics.load(words, HEADER.SWEPT_AT);
    if (before !== 0 && (now - before) >>> 0 < LOOK_INTERVAL) return;
    if (Atomics.compareExchange(words, HEADER.SWEPT_AT, before, now) === before) this.sweep();
  }

  /**
   * Reaps an agent that is known to have ended, or the calling agent when it ends. One agent does
   * it at a time; the next takes over when that one dies halfway, and each step may be repeated.
   */
  reap(id: number): void {
    const mark = -this.#agent.id;
    for (;;) {
      const claim = this.#table.get(id, SLOT.CLAIM);
      // Looked at after CLAIM was read: so that was this tenant's, not a later one's.
      if (this.#table.isGone(id)) {
        // Another agent was faster, of another process perhaps, which cannot adopt.
        this.adopt();
        return;
      }
      if (claim < 0 && claim !== mark && !this.#table.isDead(-claim)) return;
      if (this.#table.exchange(id, SLOT.CLAIM, claim, mark)) break;
    }
    this.#cleanUp(id);
    // By exchange: had this agent been taken for dead, another has finished the work.
    this.#table.exchange(id, SLOT.ARMED, id, 0);
    this.#table.exchange(id, SLOT.ID, id, 0);
    this.#table.exchange(id, SLOT.CLAIM, mark, 0);
    this.#liveness.forget(id);
    this.#agent.forget(id);
    if (id !== this.#agent.id) this.adopt();
    // What the dead agent referred to may be what a call of this agent waits for the end of.
    this.#agent.pending.poke();
  }

  /**
   * Adopts processes that threads of this process have started which are gone now. Does nothing
   * for those of other processes: only a parent can reap its children.
   */
  adopt(): void {
    if (!this.#adopted) return;
    for (const id of this.#table.tenants()) {
      const parent = this.#table.get(id, SLOT.PARENT);
      if (parent === 0 || (this.#table.get(id, SLOT.FLAGS) & FLAG.PROCESS) === 0) continue;
      if (!this.#table.isGone(parent)) continue;
      const identity = this.#table.identityOf(id);
      if (!isOwnChild(identity)) continue;
      // By exchange: one agent adopts it, and should that end first, another in its turn.
      if (!this.#table.exchange(id, SLOT.PARENT, parent, this.#agent.id)) continue;
      this.#adopted.add(id, identity);
    }
  }

  #cleanUp(id: number): void {
    releaseAll(this.#arena, this.#table, id);
    const start = this.#table.get(id, SLOT.START);
    if (start !== 0 && this.#table.exchange(id, SLOT.START, start, 0)) {
      freePayload(this.#arena, start);
    }
    for (const child of this.#table.tenants()) {
      if (this.#table.get(child, SLOT.PARENT) === id) this.#orphan(child);
    }
  }

  /** A daemonic process does not outlive the thread that started it. */
  #orphan(child: number): void {
    const daemonic = FLAG.DAEMON | FLAG.PROCESS;
    if ((this.#table.get(child, SLOT.FLAGS) & daemonic) !== daemonic) return;
    const pid = this.#table.get(child, SLOT.PID);
    if (pid <= 0 || pid === process.pid || this.#table.isDead(child)) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended since; the rest of the dead agent's things must be taken back all the same.
    }
  }
}
