import { configure } from '@multiproc/core';
import { queueSuite } from './suites/queue-suite.js';

configure({ memory: 'thread', arenaSize: 512 * 2 ** 20 });
queueSuite('thread');
