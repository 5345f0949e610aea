// Three printers without a lock, in step with each other: their pages are mixed.
import { Barrier } from '@multiproc/condition';
import { isMainProcess, Process } from '@multiproc/process';

export async function print(together, name) {
  for (let page = 1; page <= 4; page++) {
    await together.wait(); // each page at the same time as the others
    console.log(`${name} page ${page}`);
  }
}

if (isMainProcess()) {
  const together = new Barrier(3);
  for (const name of ['Ada', 'Ben', 'Cleo']) {
    new Process({ target: print, args: [together, name] }).start();
  }
}
