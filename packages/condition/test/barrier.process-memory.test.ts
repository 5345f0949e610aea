import { configure } from '@multiproc/core';
import { barrierSuite } from './suites/barrier-suite.js';

configure({ memory: 'process' });
barrierSuite('process');
