import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { root } from './run.mjs';

/** Every package.json is the same but for its name, description and dependencies. */
export function shape(packages) {
  return packages.flatMap(({ folder, manifest, isPublic }) => {
    const expected = {
      license: 'MIT',
      repository: {
        type: 'git',
        url: 'git+https://github.com/multiproc/multiproc.git',
        directory: `packages/${folder}`,
      },
      type: 'module',
      sideEffects: false,
      files: ['dist', 'src'],
      engines: { node: '>=20.19' },
      publishConfig: isPublic ? { access: 'public' } : undefined,
    };
    const entry = { types: './dist/index.d.ts', default: './dist/index.js' };
    const problems = Object.keys(expected)
      .filter((field) => !isDeepStrictEqual(manifest[field], expected[field]))
      .map((field) => `${manifest.name}: ${field} must be ${JSON.stringify(expected[field])}`);
    if (!isDeepStrictEqual(manifest.exports?.['.'], entry))
      problems.push(`${manifest.name}: exports["."] must be ${JSON.stringify(entry)}`);
    if (manifest.exports?.['./package.json'] !== './package.json')
      problems.push(`${manifest.name}: exports must have ./package.json`);
    return problems;
  });
}

/** npm publishes what lies in the package's folder, never the root's files. */
export function requiredFiles(packages) {
  return packages
    .filter(({ isPublic }) => isPublic)
    .flatMap(({ folder, path }) =>
      ['README.md', 'LICENSE']
        .filter((file) => !existsSync(join(path, file)))
        .map((file) => `packages/${folder}/${file} is missing`),
    );
}

/** npm silently downloads a sibling whose version left the range that another package asks for. */
export function linked(packages) {
  const modules = join(root, 'node_modules');
  const nested = packages.map(({ path }) => join(path, 'node_modules'));
  const scopes = [modules, ...nested]
    .map((folder) => join(folder, '@multiproc'))
    .filter(existsSync);
  const found = scopes.flatMap((scope) => readdirSync(scope).map((name) => join(scope, name)));
  const places = packages.map(({ path }) => realpathSync(path));
  return [
    ...found
      .filter((path) => !lstatSync(path).isSymbolicLink() || !places.includes(realpathSync(path)))
      .map((path) => `${path} is not a link into packages/`),
    ...packages
      .filter(({ manifest }) => !existsSync(join(modules, manifest.name)))
      .map(({ manifest }) => `${manifest.name} is not linked: run npm install`),
  ];
}

/** The built modules of the public packages, by package name. */
export async function importBuilt(packages) {
  const built = packages.filter(({ isPublic }) => isPublic);
  return Promise.all(
    built.map(async ({ path, manifest }) => {
      const url = pathToFileURL(join(path, 'dist', 'index.js'));
      return { name: manifest.name, exports: await import(url) };
    }),
  );
}

/** The bundler renames a class that shares its name with a global used beside it (`Event` → `Event2`). */
export function exportedNames(built) {
  return built.flatMap(({ name, exports }) =>
    Object.entries(exports)
      .filter(([, value]) => typeof value === 'function')
      .filter(([key, value]) => value.name !== key && /^\d+$/.test(value.name.replace(key, '')))
      .map(([key, value]) => `${name}: ${key} is called ${value.name} in dist`),
  );
}

/**
 * A major of a package moves its dependents by a patch only, and a project could then hold two copies of it.
 * Whoever releases a major decides about each dependent in the same changeset.
 */
export function majorChangesets(packages) {
  const folder = join(root, '.changeset');
  const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return files.flatMap((file) => {
    const header = readFileSync(join(folder, file), 'utf8').split(/^---$/m)[1] ?? '';
    const bumps = new Map(
      [...header.matchAll(/^["']?([^"':]+)["']?:\s*(\w+)/gm)].map(([, name, bump]) => [name, bump]),
    );
    return packages
      .filter(({ isPublic, manifest }) => isPublic && !bumps.has(manifest.name))
      .flatMap(({ manifest }) =>
        Object.keys(manifest.dependencies ?? {})
          .filter((name) => bumps.get(name) === 'major')
          .map((name) => `${file}: major of ${name}, but ${manifest.name} is not named`),
      );
  });
}
