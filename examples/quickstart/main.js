// Counts the words and identifiers of every Markdown, JavaScript and TypeScript file below a folder,
// node_modules when none is given: first in this process alone, then in a pool of one per core.
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lock } from '@multiproc/lock';
import { ManagerDict } from '@multiproc/manager-dict';
import { Pool } from '@multiproc/pool';
import { countFiles, work } from './count.js';

const FOLDER = process.argv[2] ?? fileURLToPath(new URL('../../node_modules', import.meta.url));
const SOURCE = /\.(md|[cm]?[jt]s)$/;
const BAR = 30;

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
  const totals = new ManagerDict([['counts', { words: 0, identifiers: new Map() }]]);
  let done = 0;
  const onProgress = (count) => {
    done += count;
    showProgress(done);
  };

  // The workers and the totals end with this process, however it ends.
  await Pool.with({ processes: cores }, (pool) => {
    const parts = share(files, cores).map((part) => [lock, part, totals]);
    return pool.starmap(work, parts, { chunksize: 1, onProgress });
  });
  return totals.get('counts');
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

function showProgress(done) {
  const filled = Math.round((BAR * done) / files.length);
  const bar = '#'.repeat(filled) + '.'.repeat(BAR - filled);
  process.stdout.write(`\r  [${bar}] ${done} of ${files.length} files`);
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
