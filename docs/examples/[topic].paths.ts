import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const list = fileURLToPath(new URL('../../examples/README.md', import.meta.url));

/** One page for each section of the list of examples, with the files themselves. */
// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default {
  watch: ['../../examples/**'],
  paths: () => topics().map(({ topic, title, content }) => ({ params: { topic, title }, content })),
};

export function topics(): { topic: string; title: string; content: string }[] {
  const [, ...sections] = readFileSync(list, 'utf8').split(/^## /m);
  return sections
    .map((section) => ({ title: section.split('\n')[0] as string, rows: rowsOf(section) }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => ({
      title,
      topic: (rows[0] as Row).path.split('/')[0] as string,
      content: rows.map(show).join('\n\n'),
    }));
}

type Row = { number: string; path: string; shows: string };

function rowsOf(section: string): Row[] {
  const rows = section.matchAll(/^\| (\d+) \| \[[^\]]+\]\(([^)]+\.js)\) \| (.+) \|$/gm);
  return [...rows].map(([, number, path, shows]) => ({ number, path, shows }) as Row);
}

function show({ number, path, shows }: Row): string {
  const file = path
    .split('/')
    .at(-1)
    ?.replace(/^\d+-|\.js$/g, '');
  // The links of the list are relative to the list.
  const text = shows.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
  const heading = `## ${number}. ${file?.replaceAll('-', ' ')}`;
  return `${heading}\n\n${text[0]?.toUpperCase()}${text.slice(1)}.\n\n<<< @/../examples/${path}`;
}
