import type { Native } from '../memory/native.js';
import { type Identity, lookUp } from './identity.js';

/** Descriptors kept before those of agents that are gone are closed. */
const KEPT = 64;

/**
 * Tells whether a thread or process still runs. `kill(pid, 0)` is no answer: it calls a zombie
 * alive, which a blocked parent never reaps, and a pid may have a new owner.
 */
export class Liveness {
  readonly #native: Native | undefined;
  /** Open pidfd of each process that was asked for; immune to reuse of the pid. */
  readonly #watched = new Map<number, number>();

  /** @param native - the platform's calls; without them `/proc` is read each time */
  constructor(native: Native | undefined) {
    this.#native = native;
  }

  /**
   * Whether the thread has ended.
   *
   * @param id - agent id, under which the answer's means are kept
   * @param identity - the thread; a `tid` of 0 stands for one that cannot be checked
   */
  hasEnded(id: number, identity: Identity): boolean {
    const { pid, tid } = identity;
    if (tid === 0) return false;
    if (!this.#native || tid !== pid || pid === process.pid) return !isSame(identity);
    let fd = this.#watched.get(id);
    if (fd === undefined) {
      fd = this.#native.watchProcess(pid);
      if (fd < 0) return !isSame(identity);
      // Opened first and compared then: from here on the descriptor stays with that process.
      if (!isSame(identity)) {
        this.#native.close(fd);
        return true;
      }
      this.#watched.set(id, fd);
    }
    if (!this.#native.pollReadable(fd, 0)) return false;
    this.forget(id);
    return true;
  }

  /** Closes what was kept for an agent. */
  forget(id: number): void {
    const fd = this.#watched.get(id);
    if (fd === undefined) return;
    this.#watched.delete(id);
    this.#native?.close(fd);
  }

  /** Closes what was kept for agents that others have reaped, once that is much. */
  prune(isGone: (id: number) => boolean): void {
    if (this.#watched.size < KEPT) return;
    for (const id of [...this.#watched.keys()]) if (isGone(id)) this.forget(id);
  }

  /** Closes everything that was kept. */
  close(): void {
    for (const id of [...this.#watched.keys()]) this.forget(id);
  }
}

function isSame(identity: Identity): boolean {
  const now = lookUp(identity.pid, identity.tid);
  if (typeof now === 'string') return now === 'unknown';
  return now.startLow === identity.startLow && now.startHigh === identity.startHigh;
}
