import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, tool } from '../run.mjs';
import { node } from './npm.mjs';

/**
 * Which packages get a new version when one of them is changed, told by changesets itself in a copy of the manifests.
 *
 * @param folder for the copy
 * @param packages what `loadPackages` returns
 * @param name the package that is changed
 * @param bump `patch`, `minor` or `major`
 * @returns names of the packages that moved, with their new version, sorted
 */
export async function moved(folder, packages, name, bump) {
  const config = JSON.parse(readFileSync(join(root, '.changeset', 'config.json'), 'utf8'));
  mkdirSync(join(folder, '.changeset'), { recursive: true });
  // A changelog names commits, and the copy has none.
  save('.changeset/config.json', { ...config, changelog: false });
  writeFileSync(
    join(folder, '.changeset', 'change.md'),
    `---\n'${name}': ${bump}\n---\n\nA change.\n`,
  );
  save('package.json', { name: 'copy', private: true, workspaces: ['packages/*'] });
  save('package-lock.json', {});
  for (const { folder: own, path } of packages) {
    mkdirSync(join(folder, 'packages', own), { recursive: true });
    cpSync(join(path, 'package.json'), join(folder, 'packages', own, 'package.json'));
  }
  await node([tool('@changesets/cli', 'changeset'), 'version'], folder);
  return packages
    .map(({ folder: own, manifest }) => {
      const file = join(folder, 'packages', own, 'package.json');
      return { manifest, now: JSON.parse(readFileSync(file, 'utf8')).version };
    })
    .filter(({ manifest, now }) => now !== manifest.version)
    .map(({ manifest, now }) => `${manifest.name}@${now}`)
    .sort();

  function save(path, content) {
    writeFileSync(join(folder, path), `${JSON.stringify(content, undefined, 2)}\n`);
  }
}
