import { configure } from '@multiproc/core';
import { sharedSuite } from './suites/shared-suite.js';

configure({ memory: 'process' });
sharedSuite('process');
