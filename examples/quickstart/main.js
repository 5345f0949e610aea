// Counts the words and identifiers of every Markdown, JavaScript and TypeScript file below
// node_modules: first in this process alone, then in one process per core.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lock } from '@multiproc/lock';
import { Process } from '@multiproc/process';
import { countFiles, readCounts, work, writeCounts } from './count.js';

const FOLDER = new URL('../../node_modules', import.meta.url).pathname;
const SOURCE = /\.(md|[cm]?[jt]s)$/;

const scratch = mkdtempSync(join(tmpdir(), 'multiproc-quickstart-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

const files = listFiles(FOLDER);
const bytes = files.reduce((sum, { size }) => sum + size, 0);
const cores = availableParallelism();
console.log(`${files.length} files, ${(bytes / 2 ** 20).toFixed(0)} MiB, ${cores} cores`);

const alone = await timed('one process', countAlone);
const together = await timed(`${cores} processes`, countTogether);

report(together.result);
console.log(`speed-up: ${(alone.seconds / together.seconds).toFixed(2)}`);
if (!isEqual(alone.result, together.result)) {
  console.error('the results differ');
  process.exitCode = 1;
} else {
  console.log('the results are equal');
}

function countAlone() {
  let shown = 0;
  return countFiles(files, (done) => {
    if (performance.now() - shown < 100) return;
    shown = performance.now();
    showProgress(done);
  });
}

async function countTogether() {
  const lock = new Lock();
  const totals = join(scratch, 'totals.json');
  writeCounts(totals, { words: 0, identifiers: new Map() });
  const progress = join(scratch, 'progress');
  writeFileSync(progress, new Int32Array(cores));

  // Daemonic processes end with this one, however it ends.
  const children = share(files, cores).map((part, position) => {
    const args = [lock, part, totals, progress, position];
    return new Process({ target: work, args, daemon: true });
  });
  for (const child of children) child.start();
  const ticker = setInterval(() => showProgress(readProgress(progress)), 100);
  for (const child of children) await child.join();
  clearInterval(ticker);

  const failed = children.filter(({ exitCode }) => exitCode !== 0);
  if (failed.length > 0) throw new Error(`${failed.length} of the processes failed`);
  return readCounts(totals);
}

/** Parts of about the same number of bytes: the largest file to whoever has least. */
function share(all, count) {
  const parts = Array.from({ length: count }, () => ({ bytes: 0, files: [] }));
  for (const file of all.toSorted((a, b) => b.size - a.size)) {
    const part = parts.reduce((least, next) => (next.bytes < least.bytes ? next : least));
    part.bytes += file.size;
    part.files.push(file);
  }
  return parts.map((part) => part.files);
}

function readProgress(path) {
  const done = readFileSync(path);
  return new Int32Array(done.buffer, done.byteOffset, cores).reduce((sum, files) => sum + files, 0);
}

function showProgress(done) {
  if (process.stdout.isTTY) process.stdout.clearLine(0);
  process.stdout.write(`\r  ${done} of ${files.length} files`);
}

async function timed(what, run) {
  console.log(`${what}:`);
  const start = performance.now();
  const result = await run();
  const seconds = (performance.now() - start) / 1000;
  showProgress(files.length);
  console.log(`, ${seconds.toFixed(2)} s`);
  return { result, seconds };
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => ({ path, size: statSync(path).size }));
}

function isEqual(a, b) {
  if (a.words !== b.words || a.identifiers.size !== b.identifiers.size) return false;
  return [...a.identifiers].every(([name, times]) => b.identifiers.get(name) === times);
}

function report({ words, identifiers }) {
  const frequent = [...identifiers].sort((a, b) => b[1] - a[1]).slice(0, 10);
  console.log(`${words} words; the most frequent identifiers:`);
  for (const [name, times] of frequent) console.log(`  ${String(times).padStart(9)}  ${name}`);
}
