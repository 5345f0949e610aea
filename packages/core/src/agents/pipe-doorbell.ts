import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ProcessMemory } from '../memory/process-memory.js';
import { statusOf } from '../memory/status-of.js';
import type { AgentTable } from './agent-table.js';
import type { Doorbell } from './doorbell.js';
import { SLOT } from './slot.js';

const RING = new Uint8Array(1);

/** Kept descriptors of other agents' pipes before those of agents that are gone are closed. */
const KEPT = 64;

/**
 * Doorbell of process memory: a non-blocking pipe that the event loop polls. It is opened by the
 * first wait that has to await. A ringer opens it through `/proc/<pid>/fd/<number>`, in its own
 * process too: a raw descriptor number may have been closed and given to a user's file.
 */
export class PipeDoorbell implements Doorbell {
  readonly #memory: ProcessMemory;
  readonly #table: AgentTable;
  readonly #id: number;
  readonly #onRing: () => void;
  /** Descriptors for ringing others, by agent id. */
  readonly #bells = new Map<number, number>();
  #socket: Socket | undefined;
  /** The pipe; the socket owns it. */
  #fd = -1;

  /**
   * @param memory - the family's memory
   * @param table - the agents
   * @param id - the agent that listens
   * @param onRing - called on its event loop
   */
  constructor(memory: ProcessMemory, table: AgentTable, id: number, onRing: () => void) {
    this.#memory = memory;
    this.#table = table;
    this.#id = id;
    this.#onRing = onRing;
  }

  /** Without a descriptor left, who awaits looks around by its interval alone, and tries again then. */
  listen(): void {
    try {
      this.#socket ??= this.#open();
    } catch (error) {
      if (!isExhausted(error)) throw error;
    }
  }

  ring(id: number): void {
    const fd = this.#bells.get(id) ?? this.#openBell(id);
    if (fd === undefined) return;
    try {
      writeSync(fd, RING);
    } catch (error) {
      // A full pipe is going to wake its reader anyway; any other failure is a dead reader.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.forget(id);
    }
  }

  /** A ring stays in the pipe, so there is nothing to compare with. */
  get rings(): number {
    return 0;
  }

  sleep(_rings: number, milliseconds: number): void {
    if (!this.#memory.native.pollReadable(this.#fd, milliseconds)) return;
    try {
      readSync(this.#fd, new Uint8Array(64));
    } catch {
      // Not readable after all: then the next sleep returns early or sleeps, as it should.
    }
  }

  forget(id: number): void {
    const fd = this.#bells.get(id);
    if (fd === undefined) return;
    this.#bells.delete(id);
    closeSync(fd);
  }

  close(): void {
    for (const id of [...this.#bells.keys()]) this.forget(id);
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#fd = -1;
  }

  #open(): Socket {
    const net = createRequire(import.meta.url)('node:net') as typeof import('node:net');
    // Opened for reading and writing, so that there is always a writer and never an end of file,
    // and one descriptor is all that has to be closed.
    const { native } = this.#memory;
    const { readEnd, writeEnd } = native.openPipe();
    let opened: number;
    try {
      opened = openSync(`/proc/self/fd/${readEnd}`, constants.O_RDWR | constants.O_NONBLOCK);
    } finally {
      native.close(readEnd);
      native.close(writeEnd);
    }
    // What a worker opened with `openSync`, Node closes by number when that worker ends; the
    // socket has closed it by then, and the number may be a user's file. The socket alone must
    // own the descriptor; it closes it when the worker is terminated, too.
    let fd: number;
    try {
      fd = native.duplicate(opened);
    } finally {
      closeSync(opened);
    }
    const options = {
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer: new Uint8Array(64),
        callback: () => {
          this.#onRing();
          return true;
        },
      },
    };
    const socket = new net.Socket(options);
    socket.unref();
    this.#fd = fd;
    const { inode, device } = statusOf(fd);
    this.#table.set(this.#id, SLOT.BELL_INODE, inode);
    this.#table.set(this.#id, SLOT.BELL_DEVICE, device);
    this.#table.set(this.#id, SLOT.BELL_FD, fd);
    return socket;
  }

  #openBell(id: number): number | undefined {
    if (this.#bells.size >= KEPT) this.#forgetGone();
    const pid = this.#table.get(id, SLOT.PID);
    const number = this.#table.get(id, SLOT.BELL_FD);
    let fd: number;
    try {
      fd = openSync(`/proc/${pid}/fd/${number}`, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      return undefined;
    }
    // The number may have been reused for another file since the agent closed its pipe.
    const { inode, device } = statusOf(fd);
    const isBell =
      inode === this.#table.get(id, SLOT.BELL_INODE) &&
      device === this.#table.get(id, SLOT.BELL_DEVICE);
    if (!isBell || this.#table.isGone(id)) {
      closeSync(fd);
      return undefined;
    }
    this.#bells.set(id, fd);
    return fd;
  }

  #forgetGone(): void {
    for (const id of [...this.#bells.keys()]) if (this.#table.isGone(id)) this.forget(id);
  }
}

/** Whether an error says that this process, or the system, has no descriptor left. */
function isExhausted(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}
