import { readFileSync, writeFileSync } from 'node:fs';
import { currentTask } from '@multiproc/pool';

const TOKEN = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/** Counts words of prose and identifiers of code; `onFile` hears of each finished file. */
export function countFiles(files, onFile = () => {}) {
  const counts = { words: 0, identifiers: new Map() };
  files.forEach(({ path }, done) => {
    const tokens = readFileSync(path, 'utf8').match(TOKEN) ?? [];
    counts.words += tokens.length;
    if (!path.endsWith('.md')) {
      for (const token of tokens) {
        counts.identifiers.set(token, (counts.identifiers.get(token) ?? 0) + 1);
      }
    }
    onFile(done + 1);
  });
  return counts;
}

/** Adds some counts to others. */
export function merge(target, { words, identifiers }) {
  target.words += words;
  for (const [name, times] of identifiers) {
    target.identifiers.set(name, (target.identifiers.get(name) ?? 0) + times);
  }
  return target;
}

export function readCounts(path) {
  const { words, identifiers } = JSON.parse(readFileSync(path, 'utf8'));
  return { words, identifiers: new Map(identifiers) };
}

export function writeCounts(path, { words, identifiers }) {
  writeFileSync(path, JSON.stringify({ words, identifiers: [...identifiers] }));
}

/**
 * What each worker runs: counts its part, and adds it to the totals on disk. All workers change
 * the same file, so they take turns: the lock is the one object that they share.
 */
export function work(lock, files, totals) {
  const { progress } = currentTask();
  let [told, toldAt] = [0, 0];
  const counts = countFiles(files, (done) => {
    if (done < files.length && performance.now() - toldAt < 50) return;
    progress(done - told);
    [told, toldAt] = [done, performance.now()];
  });
  const hold = lock.acquireSync();
  writeCounts(totals, merge(readCounts(totals), counts));
  hold.release();
}
