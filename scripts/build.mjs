import { build } from './run.mjs';

await build();
