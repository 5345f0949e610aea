import { spawnProgram } from '@multiproc/testing';
import { expect, it } from 'vitest';
import { program } from './fixtures/family-spawn.js';

it('180 workers terminated while they start never take the process with them, nor a place', async () => {
  const exit = await spawnProgram(program('family-roots.js'), ['terminations']).exited;
  expect(exit).toMatchObject({ code: 0, signal: null, stderr: '', stdout: '1\n' });
});
