import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Links of a built site that lead nowhere. VitePress itself refuses links to missing pages, but knows neither
 * anchors nor links in raw HTML and generated lists.
 *
 * @param site folder of the built site
 * @param base path under which the site will be served, with slashes around it
 * @returns one line for each dead link: link, what is missing, and where it stands
 */
export function brokenLinks(site, base) {
  const files = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => join(entry.parentPath, entry.name));
  const pages = new Map(files.map((file) => [urlOf(relative(site, file)), readPage(file)]));

  if (!pages.has('')) return ['there is no start page'];
  const found = new Map();
  for (const [url, { links }] of pages) {
    for (const link of links) {
      const problem = problemOf(link, url);
      if (!problem) continue;
      const places = found.get(`${link} ${problem}`) ?? [];
      found.set(`${link} ${problem}`, [...places, `/${url}`]);
    }
  }
  return [...found].map(([problem, places]) => {
    const more = places.length > 1 ? ` and ${places.length - 1} more pages` : '';
    return `${problem} (on ${places[0]}${more})`;
  });

  function problemOf(link, from) {
    const target = new URL(link, `site://host${base}${from}`);
    if (target.protocol !== 'site:') return undefined;
    const path = decodeURIComponent(target.pathname);
    if (!path.startsWith(base)) return 'leaves the site';
    const url = urlOf(path.slice(base.length));
    const page = pages.get(url);
    if (!page) return existsSync(join(site, url)) && url !== '' ? undefined : 'leads to no page';
    const anchor = decodeURIComponent(target.hash.slice(1));
    return anchor === '' || page.ids.has(anchor) ? undefined : `has no #${anchor} to lead to`;
  }
}

/** `guide/why.html` and `guide/why` are one page, and so are `api/index.html` and `api/`. */
function urlOf(path) {
  return path
    .replaceAll('\\', '/')
    .replace(/\.html$/, '')
    .replace(/(^|\/)index$/, '$1');
}

function readPage(file) {
  const html = readFileSync(file, 'utf8');
  const all = (pattern) => [...html.matchAll(pattern)].map(([, value]) => unquote(value));
  return {
    links: [...new Set(all(/<a\b[^>]*?\shref="([^"]*)"/g))],
    ids: new Set(all(/\sid="([^"]*)"/g)),
  };
}

function unquote(text) {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
