import { describe } from 'vitest';
import { sizesSuite } from './suites/sizes-suite.js';

describe.each(['spawn', 'thread'] as const)('a pool whose workers are started by %s', sizesSuite);
