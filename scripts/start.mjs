import { join } from 'node:path';
import { build, install, root, run } from './run.mjs';

await install();
await build();
const quickstart = join(root, 'examples', 'quickstart', 'main.js');
process.exitCode = (await run(quickstart, process.argv.slice(2))).code;
