import { configure } from '@multiproc/core';
import { sharedSuite } from './suites/shared-suite.js';

configure({ memory: 'thread' });
sharedSuite('thread');
