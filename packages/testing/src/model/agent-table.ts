import type { Agent, Memory } from '@multiproc/core';
import type { ModelAgent } from '../explorer/model.js';

/** Where core keeps things in an arena of one slab, in words: see `layout.ts` and `slot.ts` there. */
const SLABS = 2;
const AGENTS_HIGH = 8;
const PLACES = 1088;
const PLACE_WORDS = 64;
const CLAIM = 0;
const ID = 2;
const PID = 5;
const TID = 6;

/** Id of the agent in a place: it is the first tenant. */
function idAt(place: number): number {
  return (1 << 10) | place;
}

/** Words that an arena of one slab needs for so many agents; what a model adds lies behind. */
export function tableWords(agents: number): number {
  return PLACES + agents * PLACE_WORDS;
}

/** Fills the agent table with living agents, whose process and thread ids are their positions + 1. */
export function fillAgentTable(words: Int32Array, agents: number): void {
  words[SLABS] = 1;
  words[AGENTS_HIGH] = agents;
  for (let index = 0; index < agents; index++) {
    const place = tableWords(index);
    words[place + CLAIM] = index + 1;
    words[place + ID] = idAt(index);
    words[place + PID] = index + 1;
    words[place + TID] = index + 1;
  }
}

/**
 * A real agent in a table whose liveness is told by the explorer; for `setup` of a model.
 *
 * @param words - shared memory, filled by {@link fillAgentTable}
 * @param agent - whose subject exports `Agent`, `AgentTable` and `ThreadMemory` of core
 * @param options - `sleepsSoundly`: no sleep ends by itself, so that only a wake-up can bring the agent back
 * @returns the memory, in which nobody spins, and the agent as core knows it
 */
export function joinAgentTable(
  words: Int32Array,
  agent: ModelAgent,
  options: { sleepsSoundly?: boolean } = {},
): { memory: Memory; self: Agent } {
  const { Agent, AgentTable, ThreadMemory } = agent.subject;
  const memory = new ThreadMemory(words.buffer, 0);
  const liveness = {
    hasEnded: (_id: number, { tid }: { tid: number }) => !agent.isAlive(tid - 1),
    prune() {},
  };
  const ids = { pid: agent.index + 1, tid: agent.index + 1, startLow: 0, startHigh: 0 };
  const self = new Agent(memory, new AgentTable(memory, liveness, ids), idAt(agent.index));
  if (options.sleepsSoundly) {
    Object.defineProperty(self, 'slice', { value: Number.POSITIVE_INFINITY });
  }
  return { memory, self };
}
