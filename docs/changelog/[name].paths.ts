import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One page for each published package: its released changes, and those that wait for a release. */
// biome-ignore lint/style/noDefaultExport: VitePress loads the default export.
export default {
  watch: ['../../packages/*/CHANGELOG.md', '../../.changeset/*.md'],
  paths: changes,
};

export function changes() {
  return readdirSync(`${root}packages`)
    .map((name) => ({ name, manifest: manifestOf(name) }))
    .filter(({ manifest }) => manifest && !manifest.private)
    .map(({ name, manifest }) => ({
      params: { name },
      title: `Changes of ${manifest.name}`,
      content: `# Changes of ${manifest.name}\n\n${pending(manifest.name)}\n\n${released(name)}`,
    }));
}

function manifestOf(name: string) {
  const file = `${root}packages/${name}/package.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function released(name: string): string {
  const file = `${root}packages/${name}/CHANGELOG.md`;
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/^# .*\n/, '') : '';
}

function pending(packageName: string): string {
  const lines = readdirSync(`${root}.changeset`)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => readFileSync(`${root}.changeset/${file}`, 'utf8').split(/^---$/m))
    .filter(
      ([, header]) => header?.includes(`'${packageName}'`) || header?.includes(`"${packageName}"`),
    )
    .map(([, , text]) => `- ${text?.trim()}`);
  return lines.length > 0 ? `## Not released yet\n\n${lines.join('\n')}` : '';
}
