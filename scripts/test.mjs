import { build, install, run, tool } from './run.mjs';

const DEADLINE = 25 * 60_000;

await install();
await build();
const args = ['run', ...process.argv.slice(2)];
process.exitCode = (await run(tool('vitest'), args, { deadline: DEADLINE })).code;
