/** Lets an agent do its next operation. */
export const STEP = 0;
/** Ends an agent's wait, or fires its timer, by time. */
export const TIME_OUT = 1;
/** Kills an agent. */
export const KILL = 2;

const KINDS = 3;
const SUFFIXES = ['', 't', 'k'];

/** What the explorer decides before a step, packed into a number: an agent and what happens to it. */
export type Choice = number;

/** A choice and whether it interrupts an agent that could have gone on. */
export interface Option {
  readonly choice: Choice;
  readonly cost: 0 | 1;
}

/** Packs a choice. */
export function choiceOf(agent: number, kind: number): Choice {
  return agent * KINDS + kind;
}

/** The agent of a choice. */
export function agentOf(choice: Choice): number {
  return Math.floor(choice / KINDS);
}

/** STEP, TIME_OUT or KILL. */
export function kindOf(choice: Choice): number {
  return choice % KINDS;
}

/** Writes choices as text: `0x5,1x3,2t,1k` is five steps, three steps, a time-out and a kill. */
export function formatChoices(choices: ArrayLike<Choice>): string {
  const parts: string[] = [];
  for (let at = 0; at < choices.length; ) {
    const choice = choices[at] as Choice;
    let end = at + 1;
    while (end < choices.length && choices[end] === choice) end++;
    const times = end - at > 1 ? `x${end - at}` : '';
    parts.push(`${agentOf(choice)}${SUFFIXES[kindOf(choice)]}${times}`);
    at = end;
  }
  return parts.join(',');
}

/** Reads what {@link formatChoices} wrote. */
export function parseChoices(text: string): Choice[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const match = /^(\d+)([tk]?)(?:x(\d+))?$/.exec(part);
    if (!match) throw new TypeError(`not a replay string: '${part}' in '${text}'`);
    const choice = choiceOf(Number(match[1]), SUFFIXES.indexOf(match[2] ?? ''));
    return new Array<Choice>(Number(match[3] ?? 1)).fill(choice);
  });
}
