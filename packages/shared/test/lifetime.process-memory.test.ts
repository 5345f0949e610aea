import { configure } from '@multiproc/core';
import { lifetimeSuite } from './suites/lifetime-suite.js';

configure({ memory: 'process' });
lifetimeSuite('process');
