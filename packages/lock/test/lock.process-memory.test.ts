import { configure } from '@multiproc/core';
import { lockSuite } from './suites/lock-suite.js';

configure({ memory: 'process' });
lockSuite('process');
