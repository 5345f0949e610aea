// Usage: node scripts/tally.mjs <tests.json> <checks.json>
// Prints `N passed, N failed[, N skipped]` over tests and checks; a missing report counts as one failure.
import { existsSync, readFileSync } from 'node:fs';

const [tests, checks] = process.argv.slice(2).map(read);

const failed = failedTests(tests) + (checks?.failed ?? 1);
const passed = (tests?.numPassedTests ?? 0) + (checks?.passed ?? 0);
const skipped = (tests?.numPendingTests ?? 0) + (tests?.numTodoTests ?? 0);

console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;

function read(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** A file that does not load and an error outside any test have no failed test of their own. */
function failedTests(report) {
  if (!report) return 1;
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  );
  const counted = report.numFailedTests + broken.length;
  return counted === 0 && !report.success ? 1 : counted;
}
