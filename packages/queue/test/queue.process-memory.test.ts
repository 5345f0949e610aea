import { configure } from '@multiproc/core';
import { queueSuite } from './suites/queue-suite.js';

configure({ memory: 'process', arenaSize: 512 * 2 ** 20 });
queueSuite('process');
