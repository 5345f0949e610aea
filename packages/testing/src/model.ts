/**
 * What the agents and layouts of models share. Has no part of the test runner in it, as agents run
 * in plain threads.
 *
 * @packageDocumentation
 */

export { fillAgentTable, joinAgentTable, tableWords } from './model/agent-table.js';
export { lookAtomically } from './model/atomic-looks.js';
