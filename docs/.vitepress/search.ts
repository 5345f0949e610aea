import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changes } from '../changelog/[name].paths.js';
import { topics } from '../examples/[topic].paths.js';

const docs = fileURLToPath(new URL('..', import.meta.url));

type Section = { anchor: string; titles: string[]; text: string };

/**
 * What the search is to find on a page that is made from other files. VitePress would read the page's own
 * file, and there is none.
 *
 * @param path of the page
 * @returns its sections; `undefined` for pages with a file, which VitePress splits itself
 */
export function sectionsOf(path: string): Section[] | undefined {
  const [folder, name] = relative(docs, path).replace(/\.md$/, '').split(/[\\/]/);
  if (folder === 'examples') {
    return topics()
      .filter(({ topic }) => topic === name)
      .flatMap(({ title, examples }) =>
        examples.map(({ anchor, heading, text, code }) => ({
          anchor,
          titles: [title, heading],
          text: `${text}\n${code}`,
        })),
      );
  }
  if (folder === 'changelog') {
    return changes()
      .filter(({ params }) => params.name === name)
      .map(({ title, content }) => ({ anchor: '', titles: [title], text: content }));
  }
  return undefined;
}
