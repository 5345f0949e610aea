import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Long enough for the slowest peer; a contender that hangs must not hang the others. */
const DEADLINE = 300_000;

/**
 * Runs a contender in a fresh process.
 *
 * @param contender - file name below `contenders/`
 * @param args - for its command line
 * @returns the number that it prints, or why there is none
 */
export function runContender(contender, args = []) {
  const file = fileURLToPath(new URL(`contenders/${contender}`, import.meta.url));
  const command = contender.endsWith('.py') ? 'python3' : process.execPath;
  const options = { encoding: 'utf8', timeout: DEADLINE };
  const { status, stdout, stderr, error } = spawnSync(command, [file, ...args], options);
  if (error?.code === 'ENOENT') return { reason: `there is no ${command} here` };
  if (error?.code === 'ETIMEDOUT') return { reason: `it did not end within ${DEADLINE / 1000} s` };
  if (status !== 0) throw new Error(`${contender} failed with code ${status}:\n${stderr}`);
  return { number: Number(stdout) };
}
