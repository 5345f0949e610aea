import { accessOf } from '../explorer/access.js';
import { DIED, KILLED, WATCH, wordsOf } from '../explorer/channel.js';
import type { ModelAgent } from '../explorer/model.js';
import type { Baton } from './baton.js';
import type { SimulatedTime } from './simulated-time.js';

/** The `agent` that a model's functions get. */
export class AgentHandle implements ModelAgent {
  readonly index: number;
  readonly name: string;
  readonly count: number;
  // biome-ignore lint/suspicious/noExplicitAny: the namespace of any module
  readonly subject: any;
  readonly #baton: Baton;
  readonly #time: SimulatedTime;

  /**
   * @param baton - gives the turns
   * @param time - the model's clock
   * @param subject - namespace of the module under test
   */
  constructor(baton: Baton, time: SimulatedTime, subject: unknown) {
    const { index, agents } = baton.start;
    this.index = index;
    this.name = agents[index] as string;
    this.count = agents.length;
    this.subject = subject;
    this.#baton = baton;
    this.#time = time;
  }

  assert(condition: unknown, message: string): asserts condition {
    if (!condition) throw new Error(message);
  }

  step(text = 'step'): void {
    this.#baton.point();
    this.#baton.record(text);
  }

  tally(word: number, by = 1): void {
    const { words, known } = this.#baton.start;
    words[word] = (words[word] as number) + by;
    known[word] = words[word] as number;
    this.#baton.bind();
  }

  note(text: string): void {
    this.#baton.record(`· ${text}`);
  }

  advance(milliseconds: number): void {
    this.#time.advance(milliseconds);
  }

  die(): never {
    this.note('dies');
    this.#baton.bind();
    this.#baton.handBack(DIED);
    throw new Error('a dead agent got the baton');
  }

  isAlive(index: number): boolean {
    this.#baton.point();
    this.#baton.touch(accessOf(undefined, false, true));
    const isAlive = this.#baton.start.control[wordsOf(index) + KILLED] === 0;
    this.#baton.record(`agent ${index} is ${isAlive ? 'alive' : 'dead'}`);
    return isAlive;
  }

  nextDeath(): number {
    this.#baton.point();
    this.#baton.handBack(WATCH);
    const { number } = this.#baton;
    this.note(number < 0 ? 'nobody else can die' : `hears that agent ${number} is dead`);
    return number;
  }
}
