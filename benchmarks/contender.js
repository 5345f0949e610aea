import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Long enough for the slowest peer; a contender that hangs must not hang the others. */
const DEADLINE = 300_000;

/**
 * Runs a contender in a fresh process.
 *
 * @param contender - a program below `contenders/` and what its command line has: `crowd.js work=lock`
 * @param more - for its command line as well, `name=value`; what comes later counts
 * @returns the number that it prints first and the lines that follow, or why there is none; with
 *   `failure` when there should be one
 */
export function runContender(contender, more = []) {
  const [program, ...own] = contender.split(' ');
  const file = fileURLToPath(new URL(`contenders/${program}`, import.meta.url));
  const command = program.endsWith('.py') ? 'python3' : process.execPath;
  // Python would leave a cache beside the programs.
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const options = { encoding: 'utf8', timeout: DEADLINE, env };
  const { status, stdout, stderr, error } = spawnSync(command, [file, ...own, ...more], options);
  if (error?.code === 'ENOENT') return { reason: `there is no ${command} here` };
  if (error?.code === 'ETIMEDOUT') {
    return { reason: `it did not end within ${DEADLINE / 1000} s`, failure: stderr };
  }
  if (status !== 0) return { reason: `it failed with code ${status}`, failure: stderr };
  return readOutput(stdout);
}

/** What a contender prints: a number and notes, or `skipped: ` and why it cannot run here. */
export function readOutput(text) {
  const [first, ...notes] = text.trim().split('\n');
  const skipped = first.match(/^skipped: (.*)$/);
  if (skipped) return { reason: skipped[1] };
  const number = Number(first);
  if (first === '' || !Number.isFinite(number)) {
    return { reason: 'it printed no number', failure: text };
  }
  return { number, notes };
}
