import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

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

/**
 * Entries that share no file with others, because each file costs whatever is started most of a millisecond. Built by
 * `tsup.alone.config.ts`. Their modules keep what there is once in a thread on `process`; what they load when it is
 * needed (`lazyEntries`) is shared.
 */
export const aloneEntries: Record<string, string> = isProcess()
  ? {
      bootstrap: 'src/bootstrap.ts',
      'bootstrap-thread': 'src/bootstrap-thread.ts',
      inside: 'src/inside.ts',
    }
  : {};

const lazyEntries: Record<string, string> = isProcess() ? { revive: 'src/revive.ts' } : {};

function isProcess(): boolean {
  return JSON.parse(readFileSync('package.json', 'utf8')).name === '@multiproc/process';
}

function sharedEntries(): Record<string, string> {
  const all = { ...publicEntries(), ...bootstrapEntries(), ...lazyEntries };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in aloneEntries)));
}

export const common: Options = {
  plugins: [constants],
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  // tsup would otherwise publish `from 'worker_threads'` for `from 'node:worker_threads'`.
  removeNodeProtocol: false,
  esbuildOptions(options) {
    // `src` is published beside `dist`, so the maps need not repeat it.
    options.sourcesContent = false;
  },
};

export default defineConfig({
  ...common,
  entry: sharedEntries(),
  dts: { entry: publicEntries() },
  splitting: true,
  clean: true,
});
