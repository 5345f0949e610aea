import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../run.mjs';
import { instrument } from './instrument.mjs';

const TIME_LIMIT = 60_000;
const recorder = new URL('record.mjs', import.meta.url);

/**
 * Writes an example and the named examples of its page into a folder of their own.
 *
 * @returns what `runBlock` needs
 */
export function writeBlock(block, siblings, folder) {
  mkdirSync(join(folder, 'typed'), { recursive: true });
  const log = join(folder, 'records.jsonl');
  const url = `${recorder.href}?log=${encodeURIComponent(pathToFileURL(log).href)}`;
  for (const sibling of siblings) save(sibling, instrument(sibling, url), sibling.name);
  const prepared = instrument(block, url);
  const main = save(block, prepared, block.name ?? `example.${block.language}`);
  return { block, ...prepared, ...main, log };

  function save({ language }, { code, program }, name) {
    const script = join(folder, name.replace(/\.ts$/, '.js'));
    writeFileSync(script, program);
    if (language !== 'ts') return { script };
    // Apart from the scripts: a loader of TypeScript would prefer it to the instrumented one.
    const typed = join(folder, 'typed', name.replace(/\.js$/, '.ts'));
    // Without an import or export it would be no module, and its names would be everybody's.
    writeFileSync(typed, `${code}\nexport {};\n`);
    return { script, typed };
  }
}

/**
 * Runs an example in a process of its own.
 *
 * @returns the problems found, one a line
 */
export async function runBlock({
  block,
  script,
  log,
  expectations,
  prints,
  problems: unclear,
  usesSources,
}) {
  const options = usesSources ? ['--import', 'tsx'] : [];
  const { code, output } = await execute([...options, '--no-warnings', script]);
  const records = existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        // A process that was killed before it wrote leaves an empty file.
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];
  const at = (line) => `${block.file}:${line}`;
  const unmet = expectations.flatMap(({ id, line, text }) => {
    const found = records
      .filter((record) => record.id === id)
      .map((record) => squeeze(record.text));
    if (found.length === 0) return [`${at(line)}: never reached`];
    const wanted = squeeze(text);
    return found.join(', ') === wanted || found.every((one) => one === wanted)
      ? []
      : [`${at(line)}: says ${wanted}, is ${found.join(', ')}`];
  });
  const problems = [...unclear, ...unmet];
  const lines = output.split('\n').map(squeeze);
  for (const { line, text } of prints) {
    if (!lines.includes(squeeze(text))) problems.push(`${at(line)}: nothing prints ${text}`);
  }
  // A parent ends well even if its children do not.
  if (/^(Uncaught error in |Node\.js v\d)/m.test(output))
    problems.push(`${at(block.line)}: a child failed`);
  if (code !== 0) problems.push(`${at(block.line)}: ended with ${code}`);
  return problems.length > 0
    ? [...problems, ...lines.filter(Boolean).map((line) => `  ${line}`)]
    : [];
}

function squeeze(text) {
  return text.replace(/\s+/g, ' ').trim();
}

function execute(args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_V8_COVERAGE: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the children of a hanging example end as well.
    detached: process.platform !== 'win32',
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    }, TIME_LIMIT);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: isLate ? `no end after ${TIME_LIMIT / 1000} s` : (code ?? signal), output });
    });
  });
}
