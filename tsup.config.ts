import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** `./dist/x.js` in the package's exports is built from `src/x.ts`. */
function publicEntries(): Record<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const entries: Record<string, string> = {};
  for (const target of Object.values<{ default?: string }>(manifest.exports)) {
    const name = target.default?.match(/^\.\/dist\/(.+)\.js$/)?.[1];
    if (name) entries[name] = `src/${name}.ts`;
  }
  return entries;
}

/** What a new process or thread runs first; opened by URL at run time, so it needs a file of its own. */
function bootstrapEntries(): Record<string, string> {
  const files = readdirSync('src').filter((file) => /^bootstrap.*\.ts$/.test(file));
  return Object.fromEntries(files.map((file) => [file.slice(0, -3), `src/${file}`]));
}

/**
 * esbuild makes a `var` of each constant and class of a module, which V8 has to read and check at
 * each use: that costs a `set` of a dictionary an eighth of its time. What is written in capitals, and
 * classes, are assigned once.
 */
const constants = {
  name: 'constants',
  renderChunk: (code: string) => ({
    code: code.replace(/^var ([A-Z][A-Z0-9_]*|\w+(?= = class\b)) = /gm, 'const $1 = '),
  }),
};

export default defineConfig({
  plugins: [constants],
  entry: { ...publicEntries(), ...bootstrapEntries() },
  dts: { entry: publicEntries() },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  clean: true,
  // tsup would otherwise publish `from 'worker_threads'` for `from 'node:worker_threads'`.
  removeNodeProtocol: false,
  esbuildOptions(options) {
    // `src` is published beside `dist`, so the maps need not repeat it.
    options.sourcesContent = false;
  },
});
