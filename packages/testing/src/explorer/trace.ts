import type { StepRecord } from './channel.js';

/** What is needed to print a schedule. */
export interface TraceNames {
  readonly agents: readonly string[];
  readonly labels: Readonly<Record<number, string>>;
}

/** Prints one word of the model's memory, or an agent's private buffer. */
export function formatWord(offset: number, labels: Readonly<Record<number, string>>): string {
  if (offset < 0) return 'its own word';
  if (offset % 4 !== 0) return `[byte ${offset}]`;
  return labels[offset / 4] ?? `[${offset / 4}]`;
}

/** Prints the records of all agents in the order in which they happened, one a line. */
export function formatTrace(records: readonly StepRecord[], names: TraceNames): string {
  const ordered = [...records].sort((a, b) => a.number - b.number);
  const who = (agent: number) => `${agent} ${names.agents[agent]}`;
  const width = Math.max(0, ...ordered.map((record) => who(record.agent).length));
  const digits = String(ordered.length).length;
  return ordered
    .map(({ agent, offset, text, site }, index) => {
      const what =
        offset === undefined ? text : text.replace('@', formatWord(offset, names.labels));
      const where = site === undefined ? '' : `  at ${site}`;
      return `${String(index).padStart(digits)}  ${who(agent).padEnd(width)}  ${what}${where}`;
    })
    .join('\n');
}
