import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));

/** One page for each section of the list of examples, with the files themselves. */
// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default {
  watch: ['../../examples/**'],
  paths: () =>
    topics().map(({ topic, title, examples }) => ({
      params: { topic },
      content: [`# ${title}`, INTRODUCTION, ...examples.map(show)].join('\n\n'),
    })),
};

const INTRODUCTION =
  'Each is one file of `examples/`, which plain `node` runs after the build, and whose outcome is tested.';

/** One that has to wait for something has no `path` and no `code`. */
type Example = { anchor: string; heading: string; text: string; path: string; code: string };

export function topics(): { topic: string; title: string; examples: Example[] }[] {
  const [, ...sections] = readFileSync(`${folder}README.md`, 'utf8').split(/^## /m);
  return sections
    .map((section) => ({ title: section.split('\n')[0] as string, examples: examplesOf(section) }))
    .filter(({ examples }) => examples.length > 0)
    .map(({ title, examples }) => ({
      title,
      topic: folderOf(examples[0] as Example),
      examples,
    }));
}

function folderOf({ path }: Example): string {
  return path.split('/')[0] as string;
}

function examplesOf(section: string): Example[] {
  const rows = section.matchAll(/^\| (\d+) \| (?:\[[^\]]+\]\(([^)]+\.js)\)|–) \| (.+) \|$/gm);
  return [...rows].map((row) => {
    const [, number, path = '', shows] = row as unknown as [string, string, string, string];
    const name = path === '' ? 'not there yet' : path.replace(/^.*\/\d+-|\.js$/g, '');
    // The links of the list are relative to the list.
    const text = shows.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
    return {
      anchor: name.replaceAll(' ', '-'),
      heading: `${number}. ${name.replaceAll('-', ' ')}`,
      text: `${text[0]?.toUpperCase()}${text.slice(1)}.`,
      path,
      code: path === '' ? '' : readFileSync(`${folder}${path}`, 'utf8'),
    };
  });
}

function show({ anchor, heading, text, path }: Example): string {
  const title = `## ${heading} {#${anchor}}\n\n${text}`;
  return path === '' ? title : `${title}\n\n<<< @/../examples/${path}`;
}
