// npm run matrix [-- 22 24 /path/to/node … part of a path …]: tests and examples under several versions of Node, one
// after another; of all, or of those whose path has one of the parts. A version's binary comes from the package
// `node-<platform>-<arch>`, kept in the folder for temporary files.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { npm } from './release/npm.mjs';
import { build, install, root } from './run.mjs';

const VERSIONS = ['20', '22', '24', '26'];
const SCRIPTS = ['test', 'doctest'];

const words = process.argv.slice(2);
const isVersion = (word) => /^\d/.test(word) || isAbsolute(word);
const parts = words.filter((word) => !isVersion(word));
const named = words.filter(isVersion);
const wanted = named.length > 0 ? named : VERSIONS;

await install();
await build();
const outcomes = [];
for (const version of wanted) outcomes.push(`${version}: ${await tryVersion(version)}`);
console.log(`\n${outcomes.join('\n')}`);
process.exitCode = outcomes.some((outcome) => outcome.endsWith(' failed')) ? 1 : 0;

async function tryVersion(version) {
  const binary = isAbsolute(version) ? version : await download(version);
  if (!binary) return 'skipped, no binary to be had';
  for (const script of SCRIPTS) {
    console.log(`\n${version}: ${script}`);
    if ((await execute(binary, join(root, 'scripts', `${script}.mjs`))) !== 0)
      return `${script} failed`;
  }
  return 'passed';
}

async function download(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = join(tmpdir(), 'multiproc-matrix', version);
  const binary = join(
    home,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(binary)) return binary;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  try {
    await npm(['install', `${name}@${version}`], home);
  } catch (error) {
    console.log(error.message);
  }
  return existsSync(binary) ? binary : undefined;
}

function execute(binary, script) {
  const child = spawn(binary, [script, ...parts], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
