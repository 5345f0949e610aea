import { readFileSync } from 'node:fs';
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
function merge(target, { words, identifiers }) {
  target.words += words;
  for (const [name, times] of identifiers) {
    target.identifiers.set(name, (target.identifiers.get(name) ?? 0) + times);
  }
  return target;
}

/**
 * What each worker runs: counts its part, and adds it to the totals, which are in memory that all
 * workers share. Reading and writing them are two steps, so the workers take turns.
 */
export async function work(lock, files, totals) {
  const { progress } = currentTask();
  let [told, toldAt] = [0, 0];
  const counts = countFiles(files, (done) => {
    if (done < files.length && performance.now() - toldAt < 50) return;
    progress(done - told);
    [told, toldAt] = [done, performance.now()];
  });
  await lock.runExclusive(() => {
    totals.set('counts', merge(counts, totals.get('counts')));
  });
}
