import type { StartMethod } from '@multiproc/process';
import { childSuite } from './child-suite.js';
import { lifeSuite } from './life-suite.js';
import { objectSuite } from './object-suite.js';

/** What every process does, whatever it is made of. */
export function processSuite(startMethod: StartMethod): void {
  lifeSuite(startMethod);
  childSuite(startMethod);
  objectSuite(startMethod);
}
