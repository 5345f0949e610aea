import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Native } from '../src/memory/native.js';
import { ProcessMemory } from '../src/memory/process-memory.js';
import { ThreadMemory } from '../src/memory/thread-memory.js';
import type { Attempt } from '../src/waiting/attempt.js';
import { block, type Sleeper } from '../src/waiting/block.js';
import { EventCount } from '../src/waiting/event-count.js';

const cores = vi.hoisted(() => ({ count: 2 }));

vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  availableParallelism: () => cores.count,
}));

/** Attempts of a wait that does not spin: at once, and after it has announced itself. */
const WITHOUT_SPIN = 2;
const SPINS = 150;
/** With a short look: one of eight looks is an attempt. */
const WITH_SHORT_SPIN = WITHOUT_SPIN + Math.floor(SPINS / 8);

const EVENTS = 4;

/** Memory in which nobody sleeps: what a sleeper waits for has come when it would. */
class SleeplessMemory extends ThreadMemory {
  sleeps = 0;

  override wait(): void {
    this.sleeps++;
  }
}

const memory = new SleeplessMemory(new SharedArrayBuffer(64));
let events: EventCount;
beforeEach(() => {
  memory.words.fill(0);
  events = new EventCount(memory, EVENTS);
});

function agentWith(spins: number): Sleeper {
  return { slice: 50, spins, ring() {}, waitingOn() {}, checkParent() {} };
}

/** Waits for something that comes in the sleep, or at a certain attempt. Returns the number of attempts. */
function wait(spins: number, comesAt = Number.POSITIVE_INFINITY): number {
  const { sleeps } = memory;
  let attempts = 0;
  const attempt: Attempt<true> = {
    take: () => (memory.sleeps > sleeps || ++attempts >= comesAt ? true : undefined),
  };
  block(agentWith(spins), events, attempt, {});
  return attempts;
}

/** Positions of the waits that went on after a short look. */
function longOnes(waits: readonly number[]): number[] {
  return [...waits.keys()].filter((at) => (waits[at] as number) > WITH_SHORT_SPIN);
}

describe('where there is one core', () => {
  it('neither memory lets a waiter spin', () => {
    const native = { view: (_address: bigint, length: number) => new ArrayBuffer(length) };
    const spins = () => [
      new ThreadMemory(new SharedArrayBuffer(64)).spins,
      new ProcessMemory(native as unknown as Native, 0, 0n, 64).spins,
    ];
    cores.count = 1;
    expect(spins()).toEqual([0, 0]);
    cores.count = 2;
    expect(spins()).toEqual([SPINS, SPINS]);
  });

  it('a waiter goes to sleep without a further look, however often it waits', () => {
    for (let round = 0; round < 10; round++) expect(wait(0)).toBe(WITHOUT_SPIN);
  });
});

describe('where there are more', () => {
  it('a waiter whose turn comes soon never sleeps', () => {
    const { sleeps } = memory;
    for (let round = 0; round < 10; round++) expect(wait(SPINS, 10)).toBe(10);
    expect(memory.sleeps).toBe(sleeps);
  });

  it('a waiter stays awake for longer than a short look', () => {
    expect(wait(SPINS)).toBeGreaterThan(WITH_SHORT_SPIN);
  });

  it('long spins that are in vain become rare', () => {
    const waits = Array.from({ length: 200 }, () => wait(SPINS));
    const long = longOnes(waits);
    // One, then after 3, 15 and 63 others; never fewer than one in 64.
    expect(long).toEqual([0, 4, 20, 84, 148]);
    expect(new Set(waits.filter((_, at) => !long.includes(at)))).toEqual(
      new Set([WITH_SHORT_SPIN]),
    );
  });

  it('long spins that pay go on', () => {
    const { sleeps } = memory;
    const late = WITH_SHORT_SPIN + 5;
    for (let round = 0; round < 100; round++) expect(wait(SPINS, late)).toBe(late);
    expect(memory.sleeps).toBe(sleeps);
  });

  it('long spins that paid make up for those in vain', () => {
    for (let round = 0; round < 200; round++) wait(SPINS);
    for (let round = 0; round < 100; round++) wait(SPINS, WITH_SHORT_SPIN + 5);
    expect(longOnes(Array.from({ length: 6 }, () => wait(SPINS)))).toEqual([0, 4]);
  });

  it('nobody spins for long while others sleep', () => {
    events.announceSleeper(events.sequence);
    expect(wait(SPINS)).toBeGreaterThan(WITH_SHORT_SPIN);
    events = new EventCount(memory, EVENTS);
    memory.words[EVENTS] = 7;
    memory.words[EVENTS + 1] = 1;
    expect(wait(SPINS)).toBe(WITH_SHORT_SPIN);
  });

  it('events that have no words, such as the end of a child, get a short look', () => {
    class Wordless extends EventCount {
      override get sequence(): number {
        return 0;
      }

      override announceSleeper(): void {}

      override sleep(): void {
        memory.sleeps++;
      }
    }
    events = new Wordless(memory, -5);
    expect(wait(SPINS)).toBe(WITH_SHORT_SPIN);
  });
});
