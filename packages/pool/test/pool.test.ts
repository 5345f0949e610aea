import { describe } from 'vitest';
import { poolSuite } from './suites/pool-suite.js';

describe.each(['spawn', 'thread'] as const)('a pool whose workers are started by %s', poolSuite);
