import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../run.mjs';

/**
 * Every example of the repository: the `ts` and `js` fences of READMEs, guides and TSDoc comments.
 *
 * An example whose first line is a comment with a file name (`// work.js`) can be imported under that name by the
 * other examples of its page. HTML comments in front of a fence:
 *
 * - `<!-- before: code -->` is put in front of the example, for what the text around it has said already;
 * - `<!-- not run: reason -->` leaves the example out.
 *
 * @param packages what `loadPackages` returns
 * @returns `{ file, line, page, folder, language, name, code, before, reason }` for each
 */
export function loadBlocks(packages) {
  const published = packages.filter(({ isPublic }) => isPublic);
  const comments = published.flatMap(({ sources }) => sources.flatMap(commentBlocks));
  return [...pages(packages).flatMap(markdownBlocks), ...comments];
}

function pages(packages) {
  const readmes = packages.map(({ path }) => join(path, 'README.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/^docs[\\/](api|dist)[\\/]/.test(relative(root, path)));
  return ['README.md', 'CONTRIBUTING.md']
    .map((name) => join(root, name))
    .concat(readmes, docs)
    .flatMap((path) => readIfThere(path));
}

function readIfThere(path) {
  try {
    return [{ path, name: relative(root, path), text: readFileSync(path, 'utf8') }];
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

const FENCE = /((?:^ *<!--(?:(?!-->)[\s\S])*-->\s*\n)*)^( *)```(\w+)([^\n]*)\n([\s\S]*?)^\2```$/gm;
const LANGUAGES = new Set(['ts', 'js']);
const LOOKALIKES = new Set(['typescript', 'javascript', 'mts', 'mjs', 'tsx', 'jsx', 'cjs', 'cts']);

function markdownBlocks(page) {
  return fences(page).map((block) => ({ ...block, page: page.name }));
}

/** The examples of the doc comments in a source file: each is a page of its own. */
function commentBlocks({ name, path, text }) {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const inner = comment[0].replace(/^[ \t]*\* ?/gm, '').replace(/^\/\*\*/, '   ');
    const before = lineOf(text, comment.index) - 1;
    return fences({ name, path, text: inner }).map((block) => {
      const line = block.line + before;
      return { ...block, line, page: `${name}:${line}` };
    });
  });
}

function fences({ name, path, text }) {
  return [...text.matchAll(FENCE)].flatMap((match) => {
    const [, notes, indent, language, , body] = match;
    const line = lineOf(text, match.index + notes.length);
    if (LOOKALIKES.has(language))
      throw new Error(
        `${name}:${line}: write \`ts\` or \`js\`, not \`${language}\`, so that it runs`,
      );
    if (!LANGUAGES.has(language)) return [];
    const code = body.replace(new RegExp(`^${indent}`, 'gm'), '');
    return {
      file: name,
      folder: dirname(path),
      line,
      language,
      code,
      name: code.match(/^\/\/ ([\w-]+\.(?:js|ts))\b/)?.[1],
      before: note(notes, 'before') ?? '',
      reason: note(notes, 'not run'),
    };
  });
}

function note(notes, kind) {
  return notes.match(new RegExp(`<!--\\s*${kind}:\\s*((?:(?!-->)[\\s\\S])*?)\\s*-->`))?.[1];
}

function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}
