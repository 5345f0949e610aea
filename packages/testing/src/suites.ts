/**
 * Suites of tests that several packages declare. Only for test files: this needs the test runner,
 * which programs and threads that a test starts do not have.
 *
 * @packageDocumentation
 */

export { type Breakage, modelSuite } from './model/model-suite.js';
export { type Partner, type Partners, partnersOf } from './partners.js';
