import { ProcessPoolExecutor, ThreadPoolExecutor } from '@multiproc/executor';
import { describe } from 'vitest';
import { executorSuite } from './suites/executor-suite.js';

describe.each([['ProcessPoolExecutor'], ['ThreadPoolExecutor']] as const)('%s', (name) => {
  executorSuite(name === 'ThreadPoolExecutor' ? ThreadPoolExecutor : ProcessPoolExecutor);
});
