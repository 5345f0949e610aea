import type { Family } from '@multiproc/core';

/** What is closed when its agent ends normally. */
export interface Closable {
  /** Closes it; a second call does nothing. */
  close(): void;
}

const open = new Set<WeakRef<Closable>>();
const collected = new FinalizationRegistry<WeakRef<Closable>>((ref) => open.delete(ref));
const families = new WeakSet<Family>();

/**
 * Has a connection closed when its agent ends: the end of an agent gives everything back anyway, but
 * closing also wakes whoever waits at the other end.
 *
 * @returns what `forgetOpen` takes
 */
export function rememberOpen(connection: Closable, family: Family): WeakRef<Closable> {
  if (!families.has(family)) {
    families.add(family);
    family.farewells.add(closeAll);
  }
  const ref = new WeakRef(connection);
  open.add(ref);
  collected.register(connection, ref, ref);
  return ref;
}

/** The connection was closed. */
export function forgetOpen(ref: WeakRef<Closable>): void {
  open.delete(ref);
  collected.unregister(ref);
}

function closeAll(): void {
  for (const ref of [...open]) ref.deref()?.close();
}
