/** Says once, where it is found out, that a consumer has died before it said `taskDone`. */
export function warnAbandoned(items: number): void {
  process.emitWarning(
    `a consumer of a JoinableQueue ended before it called taskDone() for ${items} ` +
      `${items === 1 ? 'item' : 'items'} that it had got; join() does not wait for them`,
    { code: 'MULTIPROC_TASK_ABANDONED' },
  );
}
