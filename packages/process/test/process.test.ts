import { describe } from 'vitest';
import { processSuite } from './suites/process-suite.js';

describe.each(['spawn', 'thread'] as const)('a process started by %s', processSuite);
