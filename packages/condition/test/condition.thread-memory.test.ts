import { configure } from '@multiproc/core';
import { conditionSuite } from './suites/condition-suite.js';

configure({ memory: 'thread' });
conditionSuite('thread');
