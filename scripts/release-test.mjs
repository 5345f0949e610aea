// npm run release-test: publishes every package to a registry of its own, installs each *alone* in an empty
// project, and uses it there by `import`, by `require` and from TypeScript. And a change moves one package only.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { moved } from './release/moves.mjs';
import { node, npm } from './release/npm.mjs';
import { startRegistry } from './release/registry.mjs';
import { USES } from './release/uses.mjs';
import { root } from './run.mjs';
import { budgets } from './weights.mjs';
import { loadPackages } from './workspace.mjs';

const base = mkdtempSync(join(tmpdir(), 'release-test-'));
const packages = loadPackages();
const published = packages.filter(({ isPublic }) => isPublic);
const registry = await startRegistry(
  base,
  published.map(({ manifest }) => manifest.name),
);
// The key of the configuration that holds the token names the registry; npm wants one before it publishes.
writeFileSync(join(base, '.npmrc'), `${registry.url.replace('http:', '')}:_authToken=none\n`);
const config = {
  registry: registry.url,
  userconfig: join(base, '.npmrc'),
  cache: join(base, 'cache'),
};
const problems = [];

try {
  const chosen = published.flatMap(({ manifest }) => ['--workspace', manifest.name]);
  await npm(['publish', '--ignore-scripts', ...chosen], root, config);
  problems.push(...missing());
  for (const { manifest } of published) {
    try {
      await tryAlone(manifest.name);
    } catch (error) {
      problems.push(`${manifest.name}: ${error.message}`);
    }
  }
  for (const resolution of ['nodenext', 'bundler']) problems.push(...compile(resolution));
  for (const [name, bump] of [
    ['@multiproc/lock', 'patch'],
    ['@multiproc/core', 'minor'],
  ])
    problems.push(...(await movedToo(name, bump)));
} finally {
  registry.close();
  rmSync(base, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(`${published.length} packages published, installed alone and used`);
process.exitCode = problems.length === 0 ? 0 : 1;

function missing() {
  return published
    .filter(({ manifest }) => !registry.published.has(manifest.name))
    .map(({ manifest }) => `${manifest.name} did not reach the registry`);
}

/** Dependents keep their version as long as what they depend on stays in their range. */
async function movedToo(name, bump) {
  const names = await moved(
    join(base, `${bump}-of-${name.replace('/', '-')}`),
    packages,
    name,
    bump,
  );
  return names
    .filter((other) => !other.startsWith(`${name}@`))
    .map((other) => `a ${bump} of ${name} also moves ${other}`);
}

async function tryAlone(name) {
  const project = projectOf(name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  await npm(['install', name], project, config);

  const expected = [...budgets[name].installs, name].sort();
  const found = installed(project).filter((other) => !/^@[\w-]+\/koffi-/.test(other));
  if (found.join() !== expected.join())
    problems.push(`${name} installs ${found.join(', ')} instead of ${expected.join(', ')}`);

  if (!USES[name]) throw new Error('has no entry in scripts/release/uses.mjs');
  const [use, result] = USES[name];
  const outcome = `const outcome = ${use};
    if (outcome !== ${JSON.stringify(result)}) throw new Error('gave ' + outcome);\n`;
  writeFileSync(join(project, 'import.mjs'), `import * as m from '${name}';\n${outcome}`);
  writeFileSync(join(project, 'require.cjs'), `const m = require('${name}');\n${outcome}`);
  // Through `checked` the compiler has to read every declaration.
  const typed = `import * as m from '${name}';\nexport const checked: object = m;\n`;
  writeFileSync(join(project, 'typed.mts'), typed);
  await node(['import.mjs'], project);
  await node(['--no-warnings', 'require.cjs'], project);
}

/** All projects in one go: every file resolves from its own project, and the libraries are read once. */
function compile(resolution) {
  const isNode = resolution === 'nodenext';
  const options = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: isNode ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
    moduleResolution: isNode ? ts.ModuleResolutionKind.NodeNext : ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.es2024.sharedmemory.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  const files = published.map(({ manifest }) => join(projectOf(manifest.name), 'typed.mts'));
  return ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map(({ file, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${resolution}: ${file?.fileName ?? 'options'}: ${text}`;
  });
}

function projectOf(name) {
  return join(base, name.replace('/', '-'));
}

function installed(project) {
  const modules = join(project, 'node_modules');
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((own) => `${name}/${own}`) : name,
    )
    .sort();
}
