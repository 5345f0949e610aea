import { configure } from '@multiproc/core';
import { eventSuite } from './suites/event-suite.js';

configure({ memory: 'process' });
eventSuite('process');
