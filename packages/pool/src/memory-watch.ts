import { isMainThread } from 'node:worker_threads';

/** Between two looks, in milliseconds: a look costs more than many tasks. */
const INTERVAL = 1000;

/** Tells whether a worker uses too much memory. */
export class MemoryWatch {
  readonly #limit: number;
  #nextLook = 0;

  /** @param limit - in bytes; 0: none */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Looks at most once a second. A process counts all its memory, a thread its heap. */
  isExceeded(): boolean {
    if (this.#limit === 0) return false;
    const now = performance.now();
    if (now < this.#nextLook) return false;
    this.#nextLook = now + INTERVAL;
    const used = isMainThread ? process.memoryUsage.rss() : heapUsed();
    return used > this.#limit;
  }
}

function heapUsed(): number {
  const { getHeapStatistics } = process.getBuiltinModule('node:v8');
  const { total_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
