import { explore } from '@multiproc/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROGRAMS, STRIDE } from './fixtures/program-agents.js';

type Instruction = readonly [operation: number, word: number, operand: number];
type Program = readonly Instruction[];

interface State {
  readonly words: readonly number[];
  readonly agents: readonly { at: number; register: number; isKilled: boolean }[];
  readonly current: number;
  readonly cost: number;
  readonly kills: number;
}

const instruction: fc.Arbitrary<Instruction> = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 0, max: PROGRAMS - 1 }),
  fc.integer({ min: 0, max: 2 }),
);
const program = fc.array(instruction, { minLength: 1, maxLength: STRIDE / 3 });

/** What memory and agents can look like at the end, by trying every schedule within the bound. */
function allEnds(programs: readonly Program[], bound: number, kills: number): Set<string> {
  const ends = new Set<string>();
  const seen = new Set<string>();
  visit({
    words: new Array(PROGRAMS).fill(0),
    agents: programs.map((text) => ({ at: next(text, 0, 0), register: 0, isKilled: false })),
    current: -1,
    cost: 0,
    kills,
  });
  return ends;

  function visit(state: State): void {
    const key = JSON.stringify(state);
    if (state.cost > bound || seen.has(key)) return;
    seen.add(key);
    const canStep = (index: number) => {
      const agent = state.agents[index];
      return agent !== undefined && !agent.isKilled && agent.at < (programs[index]?.length ?? 0);
    };
    const running = programs.map((_, index) => index).filter(canStep);
    if (running.length === 0) {
      const killed = programs.map((_, index) => index).filter((i) => state.agents[i]?.isKilled);
      ends.add(JSON.stringify([state.words, killed]));
      return;
    }
    const isPaid = canStep(state.current);
    for (const index of running) {
      const price = isPaid && index !== state.current ? 1 : 0;
      visit({ ...step(state, index), cost: state.cost + price });
      if (state.kills === 0) continue;
      visit({ ...kill(state, index), cost: state.cost + price });
    }
  }

  function kill(state: State, index: number): State {
    const agents = state.agents.map((agent, i) =>
      i === index ? { ...agent, isKilled: true } : agent,
    );
    return {
      ...state,
      agents,
      kills: state.kills - 1,
      current: state.current === index ? -1 : state.current,
    };
  }

  function step(state: State, index: number): State {
    const agent = state.agents[index] as State['agents'][number];
    const [operation, word, operand] = (programs[index] as Program)[agent.at] as Instruction;
    const words = [...state.words];
    const old = words[word] as number;
    let { register } = agent;
    if (operation === 2) words[word] = register + operand;
    if (operation === 3) words[word] = old + operand;
    if (operation === 4 && old === 0) words[word] = register + operand;
    if (operation !== 2) register = old;
    const at = next(programs[index] as Program, agent.at + 1, register);
    const agents = state.agents.map((other, i) =>
      i === index ? { ...agent, at, register } : other,
    );
    return { ...state, words, agents, current: index };
  }
}

/** Where a program goes on: jumps are no steps. */
function next(text: Program, at: number, register: number): number {
  if (text[at]?.[0] !== 5) return at;
  return next(text, at + (register === 0 ? 2 : 1), register);
}

async function foundEnds(programs: readonly Program[], bound: number, kills: number) {
  const ends = new Set<string>();
  const { schedules } = await explore({
    module: new URL('./fixtures/program-agents.js', import.meta.url),
    agents: programs.map(() => 'interpreter'),
    words: PROGRAMS + programs.length * STRIDE,
    bound,
    kills,
    init: (words) => {
      for (const [agent, text] of programs.entries()) {
        words.set(text.flat(), PROGRAMS + agent * STRIDE);
      }
    },
    check: (words, { killed }) => {
      ends.add(JSON.stringify([[...words.subarray(0, PROGRAMS)], killed]));
    },
  });
  return { ends, schedules };
}

describe('what the search leaves out', () => {
  it('is never an end that some schedule within the bound can reach', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(program, { minLength: 2, maxLength: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 1 }),
        async (programs, bound, kills) => {
          const { ends } = await foundEnds(programs, bound, kills);
          expect([...ends].sort()).toEqual([...allEnds(programs, bound, kills)].sort());
        },
      ),
      {
        numRuns: 20,
        examples: [
          // Only an interruption between its stores has the second agent write what the first reads.
          [
            [
              [
                [2, 1, 1],
                [1, 0, 0],
                [2, 2, 0],
                [2, 1, 0],
              ],
              [
                [1, 1, 0],
                [5, 0, 0],
                [2, 0, 1],
              ],
            ],
            1,
            0,
          ],
          // What the first agent writes while it is interrupted, the second one has read.
          [
            [
              [
                [2, 0, 1],
                [2, 3, 0],
              ],
              [
                [1, 0, 0],
                [4, 3, 1],
                [1, 0, 0],
              ],
            ],
            1,
            1,
          ],
        ],
      },
    );
  });

  it('is most of what agents do on words of their own', async () => {
    const own = (word: number): Program => [1, 2, 3, 4].map(() => [3, word, 1] as const);
    const apart = await foundEnds([own(0), own(1), own(2)], 2, 0);
    const together = await foundEnds([own(0), own(0), own(0)], 2, 0);
    expect(apart.schedules * 5).toBeLessThan(together.schedules);
  });
});
