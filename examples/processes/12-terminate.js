// `terminate()` only asks: right after it the child may still be alive, after `join()` it is not.
import { setTimeout as pause } from 'node:timers/promises';
import { isMainProcess, Process } from '@multiproc/process';

export async function work() {
  await pause(60_000);
  console.log('never printed');
}

if (isMainProcess()) {
  const child = new Process({ target: work });
  child.start();
  child.terminate();
  console.log(`at once: ${child.isAlive()}`);
  await child.join();
  console.log(`after join: ${child.isAlive()}, exit code ${child.exitCode}`); // -15: SIGTERM
}
