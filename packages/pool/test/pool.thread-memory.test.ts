import { configure } from '@multiproc/core';
import { describe } from 'vitest';

// Before anything that the suites import has founded the family.
configure({ memory: 'thread' });

const { poolSuite } = await import('./suites/pool-suite.js');
const { crashSuite } = await import('./suites/crash-suite.js');

describe('a pool in thread memory', () => {
  poolSuite('thread');
  crashSuite('thread');
});
