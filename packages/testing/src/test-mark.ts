/** Variable that every process started by a test inherits, and so do their children. */
export const MARK_VARIABLE = 'MULTIPROC_TEST_RUN';

/**
 * Marks this process, so that descendants are recognised when their parents are gone.
 *
 * @returns the mark
 */
export function testMark(): string {
  const own = `${process.pid}-${Math.round(performance.timeOrigin)}`;
  process.env[MARK_VARIABLE] = own;
  return own;
}
