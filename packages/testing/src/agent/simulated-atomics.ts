import { type Access, ANYTHING, accessOf } from '../explorer/access.js';
import {
  CLOCK,
  dueOf,
  NOTIFY,
  NUMBER,
  OFFSET,
  SPACE,
  TIME_OUT,
  WAIT,
  WAIT_ASYNC,
  WAITERS,
} from '../explorer/channel.js';
import type { Baton } from './baton.js';
import { originals } from './originals.js';

type View = Int32Array | BigInt64Array;
type Outcome = 'ok' | 'timed-out';

/** Operations that touch one word and never wait, with their numbers of operands. */
const PLAIN = {
  load: 0,
  store: 1,
  add: 1,
  sub: 1,
  and: 1,
  or: 1,
  xor: 1,
  exchange: 1,
  compareExchange: 2,
} as const;

/**
 * Takes the place of `Atomics` in an agent's thread: every operation on shared memory waits for
 * its turn and is then done for real; waiting and notifying are simulated by the explorer.
 */
export class SimulatedAtomics {
  readonly #baton: Baton;
  readonly #buffer: ArrayBufferLike;
  readonly #spaces = new WeakMap<ArrayBufferLike, number>();
  readonly #tickets = new Map<number, (outcome: Outcome) => void>();
  #spaceCount = 0;
  #ticketCount = 0;

  /** @param baton - gives the turns */
  constructor(baton: Baton) {
    this.#baton = baton;
    this.#buffer = baton.start.words.buffer;
  }

  /** Replaces the functions of `Atomics`. */
  install(): void {
    const target = Atomics as unknown as Record<string, unknown>;
    for (const [name, operands] of Object.entries(PLAIN)) {
      target[name] = this.#plain(name as keyof typeof PLAIN, operands);
    }
    target.wait = this.#wait.bind(this);
    target.notify = this.#notify.bind(this);
    target.waitAsync = this.#waitAsync.bind(this);
  }

  /** Forgets what the last schedule left pending. */
  reset(): void {
    this.#tickets.clear();
    this.#ticketCount = 0;
  }

  /** Resolves the promise of a `waitAsync`. */
  resolve(ticket: number, outcome: Outcome): void {
    this.#tickets.get(ticket)?.(outcome);
    this.#tickets.delete(ticket);
  }

  #plain(name: keyof typeof PLAIN, operands: number): unknown {
    const original = originals[name] as (...args: unknown[]) => unknown;
    const baton = this.#baton;
    const buffer = this.#buffer;
    if (!baton.start.isTraced) {
      return (view: View, index: number, first: unknown, second: unknown) => {
        // Memory that no other agent can reach needs no turn.
        if (view.buffer !== buffer) return original(view, index, first, second);
        baton.point();
        const before = originals.load(view as Int32Array, index);
        const result = original(view, index, first, second);
        const isChanged = before !== originals.load(view as Int32Array, index);
        if (isChanged) this.#know(view, index);
        baton.touch(accessTo(view, index, isChanged, false));
        return result;
      };
    }
    const simulated = (view: View, index: number, first: unknown, second: unknown) => {
      if (view.buffer !== buffer) return original(view, index, first, second);
      baton.point();
      const before = originals.load(view as Int32Array, index);
      const result = original(view, index, first, second);
      const after = originals.load(view as Int32Array, index);
      if (before !== after) this.#know(view, index);
      baton.touch(accessTo(view, index, before !== after, false));
      const change = before === after ? `is ${before}` : `${before} → ${after}`;
      const given = [first, second].slice(0, operands).map((value) => `, ${value}`);
      baton.record(`${name}(@${given.join('')}) ${change}`, offsetOf(view, index), simulated);
      return result;
    };
    return simulated;
  }

  /** Takes note of a word that a step has changed. */
  #know(view: View, index: number): void {
    const { words, known } = this.#baton.start;
    const first = offsetOf(view, index) >> 2;
    known[first] = words[first] as number;
    if (view.BYTES_PER_ELEMENT > 4) known[first + 1] = words[first + 1] as number;
  }

  #wait(view: View, index: number, value: number | bigint, timeout?: number): string {
    if (this.#baton.isSettingUp) throw new Error('setup must not wait: no other agent runs yet');
    this.#baton.point();
    const ended = this.#compare(this.#wait, 'wait', view, index, value, timeout);
    if (ended) return ended;
    return this.#baton.handBack(WAIT) === TIME_OUT ? 'timed-out' : 'ok';
  }

  #waitAsync(view: View, index: number, value: number | bigint, timeout?: number): unknown {
    this.#baton.point();
    const ended = this.#compare(this.#waitAsync, 'waitAsync', view, index, value, timeout);
    if (ended) return { async: false, value: ended };
    const ticket = ++this.#ticketCount;
    const promise = new Promise<Outcome>((resolve) => this.#tickets.set(ticket, resolve));
    this.#baton.write(NUMBER, ticket);
    this.#baton.handBack(WAIT_ASYNC);
    return { async: true, value: promise };
  }

  /** What a wait returns at once, `undefined` when it has to wait. */
  #compare(
    below: Function,
    name: string,
    view: View,
    index: number,
    value: number | bigint,
    timeout = Number.POSITIVE_INFINITY,
  ): string | undefined {
    // Checks the arguments and compares, as the original does before it waits.
    const outcome = originals.wait(view as Int32Array, index, value as number, 0);
    const isShared = view.buffer === this.#buffer;
    this.#baton.touch(
      isShared ? accessTo(view, index, false, true) : accessOf(undefined, false, true),
    );
    const limit = Number.isNaN(timeout) ? Number.POSITIVE_INFINITY : timeout;
    const ended = outcome === 'not-equal' ? outcome : limit > 0 ? undefined : 'timed-out';
    const slice = Number.isFinite(limit) ? `, ${limit} ms` : '';
    this.#trace(`${name}(@, ${value}${slice}) ${ended ?? 'waits'}`, view, index, below);
    if (!ended) this.#address(view, index, limit);
    return ended;
  }

  #notify(view: View, index: number, count = Number.POSITIVE_INFINITY): number {
    // Checks the arguments.
    originals.notify(view as Int32Array, index, 0);
    const { start } = this.#baton;
    this.#baton.point();
    this.#baton.touch(accessOf(undefined, false, true));
    this.#trace(`notify(@, ${count})`, view, index, this.#notify);
    if (start.control[WAITERS] === 0) return 0;
    this.#address(view, index, Number.POSITIVE_INFINITY);
    this.#baton.write(NUMBER, Math.max(0, Math.min(Math.trunc(count), 2 ** 31 - 1)));
    this.#baton.handBack(NOTIFY);
    return this.#baton.number;
  }

  /** Tells the explorer which word a wait or notify is about, and how long the wait may last. */
  #address(view: View, index: number, limit: number): void {
    const { start } = this.#baton;
    this.#baton.write(SPACE, this.#spaceOf(view.buffer));
    this.#baton.write(OFFSET, offsetOf(view, index));
    start.times[dueOf(start.index)] = (start.times[CLOCK] as number) + limit;
  }

  /** 0 for the model's memory, else a number that no other agent uses. */
  #spaceOf(buffer: ArrayBufferLike): number {
    if (buffer === this.#buffer) return 0;
    let space = this.#spaces.get(buffer);
    if (space === undefined) {
      const { index, agents } = this.#baton.start;
      space = 1 + index + agents.length * this.#spaceCount++;
      this.#spaces.set(buffer, space);
    }
    return space;
  }

  #trace(text: string, view: View, index: number, below: Function): void {
    if (!this.#baton.start.isTraced) return;
    const offset = view.buffer === this.#buffer ? offsetOf(view, index) : -1;
    this.#baton.record(text, offset, below);
  }
}

function accessTo(view: View, index: number, writes: boolean, isBound: boolean): Access {
  if (view.BYTES_PER_ELEMENT > 4) return ANYTHING;
  return accessOf(offsetOf(view, index) >> 2, writes, isBound);
}

function offsetOf(view: View, index: number): number {
  return view.byteOffset + index * view.BYTES_PER_ELEMENT;
}
