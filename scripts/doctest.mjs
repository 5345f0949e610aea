// npm run doctest [-- part of a path …]: runs every example of READMEs, guides and doc comments against `dist`.
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { loadBlocks } from './doctest/blocks.mjs';
import { runBlock, writeBlock } from './doctest/run-block.mjs';
import { root } from './run.mjs';
import { loadPackages } from './workspace.mjs';

// Inside the repository, so that the examples find the packages as a user's program would.
const base = join(root, 'docs', 'dist', 'doctest');

const { positionals } = parseArgs({ allowPositionals: true });
const started = performance.now();
const all = loadBlocks(loadPackages());
const chosen = all.filter(
  ({ file }) => positionals.length === 0 || positionals.some((part) => file.includes(part)),
);
const skipped = chosen.filter(({ reason }) => reason !== undefined);

rmSync(base, { recursive: true, force: true });
mkdirSync(base, { recursive: true });
const prepared = chosen
  .filter(({ reason }) => reason === undefined)
  .map((block, i) => writeBlock(block, siblingsOf(block), join(base, `${i}`)));

const problems = [...typeProblems(prepared), ...(await runAll(prepared))];
for (const problem of problems) console.log(problem);
for (const { file, line, reason } of skipped) console.log(`not run: ${file}:${line}: ${reason}`);
const promises = prepared.flatMap(({ expectations, prints }) => [...expectations, ...prints]);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `${prepared.length} examples with ${promises.length} stated outcomes ran in ${seconds} s, ` +
    `${skipped.length} not run, ${problems.length === 0 ? 'all right' : 'problems above'}`,
);
process.exitCode = problems.length === 0 && prepared.length > 0 ? 0 : 1;

function siblingsOf(block) {
  return all.filter((other) => other !== block && other.page === block.page && other.name);
}

/** The examples are compiled as a strict user would, against the declarations that are published. */
function typeProblems(blocks) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, paths: undefined, verbatimModuleSyntax: false },
    root,
  );
  const byFile = new Map(
    blocks.filter(({ typed, usesSources }) => typed && !usesSources).map((b) => [b.typed, b.block]),
  );
  const program = ts.createProgram([...byFile.keys()], options);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    const block = file && byFile.get(file.fileName);
    if (!block) return `${file ? relative(root, file.fileName) : 'types'}: ${text}`;
    const shift = block.before ? block.before.split('\n').length : 0;
    const line = file.getLineAndCharacterOfPosition(start).line - shift;
    return `${block.file}:${block.line + 1 + line}: ${text}`;
  });
}

async function runAll(blocks) {
  const queue = [...blocks];
  const found = [];
  const lane = async () => {
    for (let block = queue.shift(); block; block = queue.shift())
      found.push(...(await runBlock(block)));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return found;
}
