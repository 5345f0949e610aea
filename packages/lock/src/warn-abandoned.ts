const warned = new WeakSet<object>();

/** Tells the process, once per lock, that a dead owner's lock was taken over. */
export function warnAbandoned(lock: object, type: string): void {
  if (warned.has(lock)) return;
  warned.add(lock);
  process.emitWarning(
    `the owner of a ${type} ended while it held it: what the lock protects may be half changed ` +
      '(hold.abandoned tells each time)',
    { type: 'MultiprocWarning', code: 'MULTIPROC_LOCK_ABANDONED' },
  );
}
