import { AgentState } from './agent-state.js';
import { CLOCK, dueOf, KILLED, NUMBER, OFFSET, SPACE, WAITERS, wordsOf } from './channel.js';
import { choiceOf, KILL, type Option, STEP, TIME_OUT } from './choices.js';
import type { RunSettings } from './run-settings.js';
import type { Team } from './team.js';
import { formatWord } from './trace.js';
import { type QueueEntry, WaitQueues } from './wait-queues.js';

/** Where all agents of a schedule stand, and what can happen next. */
export class Situation {
  readonly agents: readonly AgentState[];
  /** The agent that did the last step; to switch away from it costs, as long as it could go on. */
  current: AgentState | undefined;
  readonly #queues = new WaitQueues();
  readonly #team: Team;
  readonly #settings: RunSettings;
  #kills: number;

  /**
   * @param team - the threads
   * @param settings - the model
   */
  constructor(team: Team, settings: RunSettings) {
    this.#team = team;
    this.#settings = settings;
    this.#kills = settings.kills;
    this.agents = settings.agents.map((_, index) => new AgentState(index, settings.timeouts));
  }

  /** Whether nothing is left to run. */
  get isSettled(): boolean {
    return this.agents.every((agent) => agent.isSettled);
  }

  /** What can happen next; what happens without a plan comes first. */
  findOptions(): readonly Option[] {
    const { current } = this;
    const isFree = current === undefined || !this.#canStep(current);
    const cost = isFree ? 0 : 1;
    const options: Option[] = [];
    if (!isFree) options.push({ choice: choiceOf(current.index, STEP), cost: 0 });
    for (const agent of this.agents) {
      if (agent === current && !isFree) continue;
      if (this.#canStep(agent)) options.push({ choice: choiceOf(agent.index, STEP), cost });
    }
    for (const agent of this.agents) {
      if (this.#canTimeOut(agent)) options.push({ choice: choiceOf(agent.index, TIME_OUT), cost });
    }
    if (options.length === 0) options.push(...this.#standstillOptions());
    if (this.#kills === 0) return options;
    for (const agent of this.agents) {
      if (!this.#canBeKilled(agent)) continue;
      options.push({ choice: choiceOf(agent.index, KILL), cost: agent === current ? 0 : cost });
    }
    return options;
  }

  /**
   * Lets an agent go on that has waited.
   *
   * @returns the number that tells it for what: a notified `waitAsync`, a dead agent, -1 for no death
   */
  resume(agent: AgentState): number {
    const dead = agent.phase === 'watching' ? (this.#untoldDeath(agent) ?? -1) : -1;
    const delivery = agent.phase === 'idle' ? agent.deliveries.shift() : undefined;
    if (dead >= 0) agent.deathsTold.add(dead);
    agent.phase = 'ready';
    this.current = agent;
    return delivery ?? dead;
  }

  /**
   * Ends an agent's wait or delay by time, and moves the clock there.
   *
   * @returns the entry of the wait, `undefined` when it is a timer
   */
  timeOut(agent: AgentState): QueueEntry | undefined {
    const due = this.#due(agent);
    const entry = this.#queues.of(agent.index).find((candidate) => candidate.due === due);
    if (entry) this.#queues.remove(entry);
    this.#publishWaiters();
    this.#team.times[CLOCK] = Math.max(this.#team.times[CLOCK] as number, due);
    agent.timeouts = Math.max(0, agent.timeouts - 1);
    agent.phase = 'ready';
    this.current = agent;
    return entry;
  }

  /** Adds an agent to the queue of the word that it has reported. */
  enqueue(agent: AgentState, ticket: number): void {
    const due = this.#team.times[dueOf(agent.index)] as number;
    this.#queues.add({ agent: agent.index, key: this.#keyOf(agent), ticket, due });
    this.#publishWaiters();
  }

  /** Wakes the waiters that an agent has reported to notify. */
  notify(waker: AgentState): AgentState[] {
    const count = this.#team.read(waker.index, NUMBER);
    const woken = this.#queues.take(this.#keyOf(waker), count);
    this.#publishWaiters();
    return woken.map(({ agent: index, ticket }) => {
      const agent = this.agents[index] as AgentState;
      if (ticket === 0) agent.phase = 'ready';
      else agent.deliveries.push(ticket);
      return agent;
    });
  }

  /** Kills an agent by decision of the schedule. */
  kill(agent: AgentState): void {
    this.#kills--;
    this.bury(agent);
  }

  /** Its thread stays where it stands until the schedule is over, so nothing of it runs. */
  bury(agent: AgentState): void {
    agent.phase = 'dead';
    agent.deliveries.length = 0;
    this.#queues.removeAgent(agent.index);
    this.#publishWaiters();
    this.#team.control[wordsOf(agent.index) + KILLED] = 1;
    if (this.current === agent) this.current = undefined;
  }

  /** What each agent is doing, for reports. */
  describe(): string {
    const lines = this.agents.map((agent) => {
      const words = this.#queues
        .of(agent.index)
        .map(({ key }) => formatWord(key < 2 ** 32 ? key : -1, this.#settings.labels));
      const on = words.length > 0 ? ` (waits on ${words.join(', ')})` : '';
      return `\n  ${this.nameOf(agent)} ${agent.describe()}${on}`;
    });
    return `:${lines.join('')}`;
  }

  /** An agent's name, for reports. */
  nameOf(agent: AgentState): string {
    return `agent ${agent.index} (${this.#settings.agents[agent.index]})`;
  }

  /**
   * When nobody can go on, time passes until the next wait ends, whatever time-outs are used up:
   * else a model that needs one for progress would look like a deadlock.
   */
  #standstillOptions(): Option[] {
    if (this.#settings.timeouts === 0) return [];
    const waiting = this.agents.filter((agent) => !agent.isDone);
    const next = Math.min(...waiting.map((agent) => this.#due(agent)));
    if (next === Number.POSITIVE_INFINITY) return [];
    return waiting
      .filter((agent) => this.#due(agent) === next)
      .map((agent) => ({ choice: choiceOf(agent.index, TIME_OUT), cost: 0 }));
  }

  #canStep(agent: AgentState): boolean {
    if (agent.phase === 'ready') return true;
    if (agent.phase === 'idle') return agent.deliveries.length > 0;
    if (agent.phase !== 'watching') return false;
    if (this.#untoldDeath(agent) !== undefined) return true;
    return this.agents.every((other) => other.phase === 'watching' || other.isSettled);
  }

  #canTimeOut(agent: AgentState): boolean {
    return agent.timeouts > 0 && !agent.isDone && Number.isFinite(this.#due(agent));
  }

  #canBeKilled(agent: AgentState): boolean {
    if (agent.phase === 'dead' || agent.isDone) return false;
    return this.#settings.killable.includes(this.#settings.agents[agent.index] as string);
  }

  #due(agent: AgentState): number {
    return agent.dueTime(this.#queues, this.#team.times[dueOf(agent.index)] as number);
  }

  #untoldDeath(agent: AgentState): number | undefined {
    const isNews = (other: AgentState) =>
      other.phase === 'dead' && !agent.deathsTold.has(other.index);
    return this.agents.find(isNews)?.index;
  }

  #keyOf(agent: AgentState): number {
    const space = this.#team.read(agent.index, SPACE);
    return space * 2 ** 32 + this.#team.read(agent.index, OFFSET);
  }

  #publishWaiters(): void {
    this.#team.control[WAITERS] = this.#queues.size;
  }
}
