// npm run weights: how heavy each package is. `--update` writes what is found, and some room, to weights.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';
import { loadPackages } from './workspace.mjs';

const FILE = join(root, 'scripts', 'weights.json');
const ROOM = 1.1;

/** By package: `minified`, the most bytes that its own code may have, and `installs`, what comes with it. */
export const budgets = JSON.parse(readFileSync(FILE, 'utf8'));

/** Packages that are heavier than their budget, or bring other packages with them. */
export async function overweight(packages) {
  const weights = await weigh(packages);
  return weights.flatMap(({ name, minified, installs }) => {
    const budget = budgets[name];
    if (!budget) return [`${name} has no budget in scripts/weights.json`];
    const problems = [];
    if (minified > budget.minified)
      problems.push(`${name}: ${minified} bytes minified, the budget is ${budget.minified}`);
    if (installs.join() !== budget.installs.join())
      problems.push(`${name} installs ${installs.join(', ')}, not ${budget.installs.join(', ')}`);
    return problems;
  });
}

async function weigh(packages) {
  const manifests = new Map(packages.map(({ manifest }) => [manifest.name, manifest]));
  return Promise.all(
    packages
      .filter(({ isPublic }) => isPublic)
      .map(async ({ path, manifest }) => ({
        name: manifest.name,
        minified: await minifiedBytes(path),
        installs: [...closure(manifest, manifests)].sort(),
      })),
  );
}

async function minifiedBytes(path) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(path, 'dist', 'index.js')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    // The repository's own settings would lead from a package's name to its sources.
    tsconfigRaw: {},
    ignoreAnnotations: true,
  });
  return outputFiles[0].contents.length;
}

/** What npm installs with a package, as far as the manifests at hand tell: ours, and their direct dependencies. */
function closure(manifest, manifests, found = new Set()) {
  const { dependencies, optionalDependencies } = manifest;
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (found.has(name)) continue;
    found.add(name);
    if (manifests.has(name)) closure(manifests.get(name), manifests, found);
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const weights = await weigh(loadPackages());
  for (const { name, minified, installs } of weights)
    console.log(`${name}: ${minified} bytes minified, installs ${installs.length} more`);
  if (process.argv.includes('--update')) {
    const entries = weights.map(({ name, minified, installs }) => [
      name,
      { minified: Math.ceil((minified * ROOM) / 500) * 500, installs },
    ]);
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`);
  }
}
