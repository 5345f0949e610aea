import type { Identity } from '@multiproc/core';

/** How a child is started; see `getAllStartMethods`. */
export type StartMethod = 'spawn' | 'thread';

/** What a process tells about itself and passes on to its children. */
export interface Facts {
  name: string;
  daemon: boolean;
  authKey: Uint8Array;
  /** Position among the children of its parent, of that among its siblings, and so on. */
  readonly lineage: readonly number[];
}

/** What a child knows about the process that started it. */
export interface ParentFacts {
  readonly pid: number;
  readonly name: string;
  /** The starting thread; its `tid` is 0 where the platform does not tell. */
  readonly identity: Identity;
}

/** What the running process or thread knows about itself. */
export interface Self extends Facts {
  readonly parent: ParentFacts | undefined;
  /** The default start method, once it has been fixed. */
  startMethod: StartMethod | undefined;
  /** How many imports of the user's modules are under way, that of the target's included. */
  importing: number;
  /** Whether it may start processes although it is a daemon: those are daemons, too. */
  mayHaveChildren?: boolean;
  /** How many processes it has made. */
  children: number;
  /** The `Process` that stands for it, made when somebody asks. */
  process: object | undefined;
}

const SELF = Symbol.for('multiproc.process.self');

type Holder = Record<symbol, Self | undefined>;

/**
 * Who the calling thread is; `undefined` before anybody has said so. It lies on `process`, so that
 * the bootstrap can leave it there without loading the package, and all copies of that agree.
 */
export function readSelf(): Self | undefined {
  return (process as unknown as Holder)[SELF];
}

/** Says who the calling thread is. */
export function writeSelf(self: Self): Self {
  (process as unknown as Holder)[SELF] = self;
  return self;
}
