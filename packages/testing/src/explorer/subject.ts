import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Patch } from './model.js';

let count = 0;
let buildsInFlight = 0;

/** A module that agents can import, and what to do when they are through with it. */
export interface Loadable {
  readonly url: URL;
  dispose(): Promise<void>;
}

/**
 * Makes a module loadable by a plain thread: JavaScript is taken as it is, TypeScript and patched
 * modules are bundled with what they import by relative path. Packages stay imports.
 *
 * @param url - the module
 * @param patch - change to apply
 * @returns the module to import
 */
export async function makeLoadable(url: URL, patch?: Patch): Promise<Loadable> {
  const isTypeScript = /^\.m?ts$/.test(extname(url.pathname));
  if (!isTypeScript && !patch) return { url, dispose: async () => {} };
  const source = fileURLToPath(url);
  // Below the package's own folder, so that its imports of other packages resolve.
  const folder = join(packageFolder(source), 'node_modules', '.cache', 'schedule-explorer');
  const output = join(folder, `${process.pid}-${++count}.mjs`);
  await mkdir(folder, { recursive: true });
  await bundle(source, output, patch);
  return { url: pathToFileURL(output), dispose: () => rm(output, { force: true }) };
}

async function bundle(source: string, output: string, patch: Patch | undefined): Promise<void> {
  // Loaded when needed only: most models run what is built already.
  const { build, stop } = await import('esbuild');
  const finds: string[] = [];
  buildsInFlight++;
  try {
    const failure = await build({
      entryPoints: [source],
      outfile: output,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
      plugins: patch ? [patching(patch, finds)] : [],
    }).then(
      () => undefined,
      (error: Error) => error,
    );
    if (patch && finds.length !== 1) throw misfit(patch, finds);
    if (failure) throw failure;
  } catch (error) {
    await rm(output, { force: true });
    throw error;
  } finally {
    // Its process would count as something that a test leaves behind.
    if (--buildsInFlight === 0) await stop();
  }
}

function misfit({ name }: Patch, finds: readonly string[]): Error {
  const where = finds.length === 0 ? 'nowhere' : `${finds.length} times, in ${finds.join(', ')}`;
  return new Error(`patch '${name}': its text occurs ${where}, it must occur once`);
}

function patching(patch: Patch, finds: string[]): import('esbuild').Plugin {
  return {
    name: 'patch',
    setup(build) {
      build.onLoad({ filter: /\.m?[jt]s$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const pieces = text.split(patch.find);
        for (let times = 1; times < pieces.length; times++) finds.push(path);
        return {
          contents: pieces.join(patch.replace),
          loader: path.endsWith('ts') ? ('ts' as const) : ('js' as const),
        };
      });
    },
  };
}

function packageFolder(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${file}`);
    folder = parent;
  }
  return folder;
}
