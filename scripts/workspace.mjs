import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './run.mjs';

/**
 * What each package may be built on: the arrows of DESIGN's table. A package may use everything below it.
 * A new package gets its line here.
 */
const BUILT_ON = {
  core: [],
  lock: ['core'],
  semaphore: ['core'],
  event: ['core'],
  condition: ['lock'],
  shared: ['lock'],
  queue: ['core'],
  pipe: ['core'],
  'manager-dict': ['core'],
  process: ['core'],
  pool: ['process'],
  executor: ['pool'],
  manager: [
    'condition',
    'event',
    'executor',
    'manager-dict',
    'pipe',
    'queue',
    'semaphore',
    'shared',
  ],
  multiproc: ['manager'],
};

/** The packages below `folder`, directly or not; `undefined` if the folder is not in the table. */
export function below(folder) {
  if (folder === 'testing') return new Set(Object.keys(BUILT_ON));
  if (!BUILT_ON[folder]) return undefined;
  return new Set(BUILT_ON[folder].flatMap((next) => [next, ...below(next)]));
}

/** Every package of the repository: `{ folder, path, manifest, isPublic, sources }`. */
export function loadPackages() {
  const base = join(root, 'packages');
  return readdirSync(base)
    .filter((folder) => existsSync(join(base, folder, 'package.json')))
    .map((folder) => {
      const path = join(base, folder);
      const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      return { folder, path, manifest, isPublic: !manifest.private, sources: loadSources(path) };
    });
}

/** The files of a package's `src`: `{ name (from the root), path, text }`. */
function loadSources(packagePath) {
  const base = join(packagePath, 'src');
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { name: relative(root, path), path, text: readFileSync(path, 'utf8') };
    });
}
