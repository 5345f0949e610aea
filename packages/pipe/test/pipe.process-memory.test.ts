import { configure } from '@multiproc/core';
import { pipeSuite } from './suites/pipe-suite.js';

configure({ memory: 'process' });
pipeSuite('process');
