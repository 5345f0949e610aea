// Everything that can be wrong without a test failing. `--report <file>` also writes the counts as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { structureChecks } from './check-packages.mjs';
import { build, install, root, run, tool } from './run.mjs';
import { overweight } from './weights.mjs';
import { loadPackages } from './workspace.mjs';

const { values } = parseArgs({ options: { report: { type: 'string' } } });

await install();
await build();

const packages = loadPackages();
// Loaded late: it needs the installed TypeScript.
const { errorCodes, guides } = await import('./docs-rules.mjs');
const counts = { passed: 0, failed: 0 };

// Two at a time, as each keeps about one core busy. What writes in the same folders stays in one row.
await Promise.all([checkSources(), checkPackages()]);

console.log(`\nchecks: ${counts.passed} passed, ${counts.failed} failed`);
if (values.report) writeFileSync(values.report, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

/** Writes in `docs`. */
async function checkSources() {
  await report('lint', command(tool('@biomejs/biome', 'biome'), ['check', '--error-on-warnings']));
  await report('types', command(tool('typescript', 'tsc'), ['-p', 'tsconfig.json']));
  await report('API pages, site and links', command(script('docs')));
  await report('examples in READMEs, guides and doc comments', command(script('doctest')));
  await report('every code is explained', async () => errorCodes(packages).join('\n'));
  await report('every package has a guide', async () => guides(packages).join('\n'));
  for (const [title, check] of await structureChecks(packages)) {
    await report(title, async () => check().join('\n'));
  }
}

/** Packs the packages. */
async function checkPackages() {
  await report('packages keep their weight', async () => (await overweight(packages)).join('\n'));
  await report('each package installs and works alone', command(script('release-test')));
  for (const { folder, manifest } of packages.filter(({ isPublic }) => isPublic)) {
    const path = join(root, 'packages', folder);
    await report(
      `publint ${manifest.name}`,
      command(tool('publint'), ['run', path, '--strict', '--pack', 'npm']),
    );
    await report(
      `attw ${manifest.name}`,
      command(tool('@arethetypeswrong/cli', 'attw'), ['--pack', path, '--profile', 'esm-only']),
    );
  }
}

function script(name) {
  return join(root, 'scripts', `${name}.mjs`);
}

/** A check that runs a tool: its problem is the tool's output, if the tool fails. */
function command(file, args) {
  return async () => {
    const { code, output } = await run(file, args, { quiet: true });
    return code === 0 ? '' : output || `exit code ${code}`;
  };
}

async function report(title, check) {
  const problem = await check();
  counts[problem ? 'failed' : 'passed']++;
  console.log(problem ? `✗ ${title}\n${problem.replace(/^/gm, '    ')}` : `✓ ${title}`);
}
