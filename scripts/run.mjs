import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The script behind a tool's command: started with this Node, so no shell and no `.cmd` file is needed. */
export function tool(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Runs a script with this Node at the root of the repository.
 *
 * @param script absolute path of the script
 * @param args its arguments
 * @param options `quiet` collects the output instead of showing it; `deadline` (milliseconds) ends the script
 * and everything it started, for hangs that the script cannot notice itself
 * @returns the exit code, and the output if it was collected
 */
export function run(script, args = [], options = {}) {
  return start(process.execPath, [script, ...args], options);
}

function start(command, args, { quiet = false, deadline, shell = false } = {}) {
  // A group of its own lets the deadline reach grandchildren that are blocked and deaf to anything but SIGKILL.
  const grouped = deadline !== undefined && process.platform !== 'win32';
  const child = spawn(command, args, {
    cwd: root,
    env,
    shell,
    detached: grouped,
    stdio: quiet
      ? ['ignore', 'pipe', 'pipe']
      : [grouped ? 'ignore' : 'inherit', 'inherit', 'inherit'],
  });
  const signal = (name) => (grouped ? process.kill(-child.pid, name) : child.kill(name));
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));

  // The terminal already interrupts a child of our own group; here we only have to outlive it.
  const forward = (name) => (grouped || name !== 'SIGINT' ? signal(name) : undefined);
  for (const name of FORWARDED) process.on(name, forward);

  return new Promise((resolve, reject) => {
    const timer = deadline && setTimeout(onDeadline, deadline);
    function onDeadline() {
      console.error(`\nStopped: ${args.join(' ')} ran longer than ${deadline / 60_000} minutes.`);
      signal('SIGKILL');
    }
    child.on('error', reject);
    child.on('close', (code, endedBy) => {
      clearTimeout(timer);
      for (const name of FORWARDED) process.off(name, forward);
      resolve({ code: code ?? (endedBy === 'SIGINT' ? 130 : 1), output });
    });
  });
}

/** `npm ci`, unless an install has already been completed here. */
export async function install() {
  // npm writes this file last: an interrupted install does not have it.
  if (existsSync(join(root, 'node_modules', '.package-lock.json'))) return;
  const npm = process.env.npm_execpath;
  const { code } = npm
    ? await run(npm, ['ci'])
    : await start('npm', ['ci'], { shell: process.platform === 'win32' });
  if (code !== 0) process.exit(code);
}

/** Builds what has changed since the last build. */
export async function build() {
  const args = ['run', 'build', '--output-logs=errors-only'];
  const { code } = await run(tool('turbo'), args);
  if (code !== 0) process.exit(code);
}
