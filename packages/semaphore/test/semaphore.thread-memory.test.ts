import { configure } from '@multiproc/core';
import { semaphoreSuite } from './suites/semaphore-suite.js';

configure({ memory: 'thread' });
semaphoreSuite('thread');
