import { configure } from '@multiproc/core';
import { semaphoreSuite } from './suites/semaphore-suite.js';

configure({ memory: 'process' });
semaphoreSuite('process');
