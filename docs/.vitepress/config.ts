import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig } from 'vitepress';
import llms from 'vitepress-plugin-llms';
import { topics } from '../examples/[topic].paths.js';
import { sectionsOf } from './search.js';

const docs = fileURLToPath(new URL('..', import.meta.url));
const repository = 'https://github.com/multiproc/multiproc';

/** In the order in which one would read them; a package that is not named here comes last. */
const READING_ORDER = [
  'process',
  'lock',
  'semaphore',
  'event',
  'condition',
  'shared',
  'queue',
  'pipe',
  'manager-dict',
  'pool',
  'executor',
  'manager',
  'multiproc',
  'core',
];

// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default defineConfig({
  title: 'multiproc',
  description: "Python's multiprocessing for Node.js: processes, threads and shared objects",
  lang: 'en',
  // A project page lives below the repository's name; elsewhere the site is at the top.
  base: process.env.DOCS_BASE ?? '/',
  head: [
    [
      'link',
      { rel: 'icon', type: 'image/svg+xml', href: `${process.env.DOCS_BASE ?? '/'}icon.svg` },
    ],
  ],
  outDir: 'dist/site',
  cacheDir: 'dist/cache',
  srcExclude: ['dist/**'],
  cleanUrls: true,
  markdown: { lineNumbers: false },
  vite: {
    plugins: [llms({ ignoreFiles: ['dist/**', 'changelog/**'], domain: process.env.DOCS_DOMAIN })],
  },
  themeConfig: {
    // `undefined` makes VitePress split the page itself, which its types do not say.
    search: {
      provider: 'local',
      options: { detailedView: true, miniSearch: { _splitIntoSections: sectionsOf } },
    },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Guide', link: '/guide/getting-started', activeMatch: '/guide/' },
      { text: 'Packages', link: '/packages/process', activeMatch: '/packages/' },
      { text: 'How it works', link: '/how-it-works/', activeMatch: '/how-it-works/|/architecture' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
      { text: 'Changes', items: packages().map((name) => page(`/changelog/${name}`, name)) },
    ],
    sidebar: {
      '/api/': [{ text: 'API', link: '/api/', items: apiSidebar() }],
      '/changelog/': [
        { text: 'Changes', items: packages().map((name) => page(`/changelog/${name}`, name)) },
      ],
      '/': [
        {
          text: 'Guide',
          items: [
            page('/guide/why', 'Why'),
            page('/guide/getting-started', 'Getting started'),
            page('/guide/performance', 'Performance'),
            page('/guide/troubleshooting', 'Troubleshooting'),
          ],
        },
        {
          text: 'Coming from',
          items: [
            page('/guide/from-python', 'Python'),
            page('/guide/from-piscina', 'piscina'),
            page('/guide/from-async-mutex', 'async-mutex'),
            page('/guide/from-cluster', 'cluster'),
          ],
        },
        {
          text: 'Packages',
          items: packages()
            .filter((name) => existsSync(`${docs}packages/${name}.md`))
            .map((name) => page(`/packages/${name}`, name)),
        },
        {
          text: 'Examples',
          items: topics().map(({ topic, title }) => page(`/examples/${topic}`, title)),
        },
        {
          text: 'How it works',
          items: [page('/how-it-works/', 'In pictures'), page('/architecture', 'Architecture')],
        },
      ],
    },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    footer: { message: 'Released under the MIT licence.' },
  },
});

function page(
  link: string,
  text: string,
): DefaultTheme.SidebarItem & { link: string; text: string } {
  return { link, text };
}

/** The folders of the packages that are published. */
function packages(): string[] {
  const base = `${docs}../packages`;
  const isPublic = (name: string) => {
    const manifest = `${base}/${name}/package.json`;
    return existsSync(manifest) && !JSON.parse(readFileSync(manifest, 'utf8')).private;
  };
  const rank = (name: string) => {
    const place = READING_ORDER.indexOf(name);
    return place === -1 ? READING_ORDER.length : place;
  };
  return readdirSync(base)
    .filter(isPublic)
    .sort((a, b) => rank(a) - rank(b));
}

/** TypeDoc writes it beside the pages of the API; without them the site can still be built. */
function apiSidebar(): DefaultTheme.SidebarItem[] {
  const file = `${docs}api/typedoc-sidebar.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}
