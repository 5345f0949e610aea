// Everything that can be wrong without a test failing. `--report <file>` also writes the counts as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { structureChecks } from './check-packages.mjs';
import { build, install, root, run, tool } from './run.mjs';
import { loadPackages } from './workspace.mjs';

const { values } = parseArgs({ options: { report: { type: 'string' } } });

await install();
await build();

const packages = loadPackages();
const counts = { passed: 0, failed: 0 };

await report('lint', command(tool('@biomejs/biome', 'biome'), ['check', '--error-on-warnings']));
await report('types', command(tool('typescript', 'tsc'), ['-p', 'tsconfig.json']));
await report('docs', command(tool('typedoc')));
for (const [title, check] of await structureChecks(packages)) {
  await report(title, async () => check().join('\n'));
}
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

console.log(`\nchecks: ${counts.passed} passed, ${counts.failed} failed`);
if (values.report) writeFileSync(values.report, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

/** A check that runs a tool: its problem is the tool's output, if the tool fails. */
function command(script, args) {
  return async () => {
    const { code, output } = await run(script, args, { quiet: true });
    return code === 0 ? '' : output || `exit code ${code}`;
  };
}

async function report(title, check) {
  const problem = await check();
  counts[problem ? 'failed' : 'passed']++;
  console.log(problem ? `✗ ${title}\n${problem.replace(/^/gm, '    ')}` : `✓ ${title}`);
}
