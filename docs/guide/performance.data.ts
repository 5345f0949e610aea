import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawBars } from '../../scripts/plots.mjs';

const file = fileURLToPath(new URL('benchmarks.json', import.meta.url));

type Contender = { name: string; median: number; least: number; most: number };

type Row = {
  id: string;
  title: string;
  unit: string;
  contenders: Contender[];
  verdicts: { text: string; holds: boolean }[];
};

type Measurements = {
  machine: { node: string; cores: number; cpu: string };
  when: string;
  rows: Row[];
};

/** What `npm run bench -- --json docs/guide/benchmarks.json` wrote, drawn. */
// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default {
  watch: ['./benchmarks.json'],
  load: () => {
    if (!existsSync(file)) return null;
    const { machine, when, rows }: Measurements = JSON.parse(readFileSync(file, 'utf8'));
    const { node, cores, cpu } = machine;
    return {
      origin: `Measured on ${when.slice(0, 10)} with Node.js ${node}, ${cores} cores of ${cpu}.`,
      rows: rows.map(({ id, title, unit, contenders, verdicts }) => ({
        id,
        title,
        svg: drawBars(contenders, unit),
        verdicts: verdicts.map(({ text, holds }) => `${text}, ${holds ? 'held' : 'missed'}`),
      })),
    };
  },
};
