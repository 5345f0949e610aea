import { describe } from 'vitest';
import { crashSuite } from './suites/crash-suite.js';

describe.each(['spawn', 'thread'] as const)('a pool whose workers are started by %s', crashSuite);
