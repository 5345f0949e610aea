import { writeFileSync } from 'node:fs';
import { Process } from '@multiproc/process';
import { Board, spawnProgram } from '@multiproc/testing';
import { expect, it } from 'vitest';
import { Answers } from './suites/answers.js';

const answers = new Answers();
const module = new URL('./fixtures/lean.js', import.meta.url);

it('a spawned child whose target needs nothing loads no native code and no more of Node than an empty program', async () => {
  const file = answers.file();
  // As an argument it would need the codec, so the name is a part of the target's module.
  const target = answers.file().replace('.json', '.mjs');
  const call = (name: string) => `answerLoaded(${JSON.stringify(name)})`;
  const head = `import { answerLoaded } from ${JSON.stringify(module.href)};`;
  writeFileSync(target, `${head} export function run() { ${call(file)}; }`);
  const child = new Process({ target: { module: target, name: 'run' }, startMethod: 'spawn' });
  child.start();
  await child.join();
  expect(child.exitCode).toBe(0);
  const { loaded, hasKoffi } = answers.read(file);
  expect(hasKoffi).toBe(false);

  const bare = answers.file();
  writeFileSync(target, `${head} ${call(bare)};`);
  await spawnProgram(target).exited;
  const known = new Set(answers.read(bare).loaded);
  expect(loaded.filter((name: string) => !known.has(name))).toEqual([]);
});

it.each(['spawn', 'thread'] as const)(
  'a child that shares something loads the binary of koffi that its starter has found, and none of its modules (%s)',
  async (startMethod) => {
    const board = new Board();
    const file = answers.file();
    const target = { module, name: 'answerKoffi' };
    const child = new Process({ target, args: [board, file], startMethod });
    child.start();
    await child.join();
    expect(board.get(0)).toBe(1);
    expect(answers.read(file)).toEqual(['koffi.node']);
  },
);
