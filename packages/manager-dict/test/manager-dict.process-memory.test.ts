import { configure } from '@multiproc/core';
import { dictSuite } from './suites/dict-suite.js';

configure({ memory: 'process' });
dictSuite('process');
