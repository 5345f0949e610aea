import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { resident } from './memory-load.js';
import { parameter } from './parameters.js';

const IDLE = fileURLToPath(new URL('memory-fork-idle.js', import.meta.url));
const agents = parameter('agents', 4);
const children = Array.from({ length: agents }, () => fork(IDLE));
await Promise.all(children.map((child) => once(child, 'message')));
const total = children.reduce((sum, { pid }) => sum + resident(pid), 0);
console.log(total / agents / 2 ** 20);
for (const child of children) child.kill();
