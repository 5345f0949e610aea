import { spawn } from 'node:child_process';

/**
 * Runs npm, with nothing of the user's own configuration and without looking for anything on the network.
 *
 * @returns what it printed
 * @throws Error with its output, if it failed
 */
export function npm(args, cwd, config = {}) {
  const settings = {
    audit: false,
    fund: false,
    loglevel: 'error',
    update_notifier: false,
    ...config,
  };
  const env = { ...process.env };
  // Those of the npm that runs this script would win over the ones here.
  for (const name of Object.keys(env)) if (/^npm_/i.test(name)) delete env[name];
  for (const [name, value] of Object.entries(settings)) env[`npm_config_${name}`] = String(value);
  return execute('npm', args, { cwd, env, shell: process.platform === 'win32' });
}

/** Runs a script with this Node. */
export function node(args, cwd) {
  return execute(process.execPath, args, { cwd });
}

function execute(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')}: ${code}\n${errors}${output}`));
    });
  });
}
