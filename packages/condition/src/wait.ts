import { type Agent, block, blockAsync, type WaitOptions } from '@multiproc/core';
import type { ConditionLock } from './condition-lock.js';
import type { WaitNode } from './wait-node.js';

/**
 * Gives the lock away, waits for a notification, and takes the lock again, whatever happened.
 *
 * A notified call keeps its node until it has the lock: if its agent dies in between, another call
 * inherits the notification.
 *
 * @param agent - this agent
 * @param lock - what the caller holds
 * @param node - made while it held it
 * @param options - time-out and signal of the notification
 * @returns whether the call was notified
 * @throws the signal's reason, once the lock is held again
 */
export async function wait<Suspended>(
  agent: Agent,
  lock: ConditionLock<Suspended>,
  node: WaitNode,
  options: WaitOptions,
): Promise<boolean> {
  const suspended = lock.suspend();
  let aborted: { reason: unknown } | undefined;
  try {
    await blockAsync(agent.pending, node.events, node, options);
  } catch (reason) {
    aborted = { reason };
  }
  const isNotified = node.withdraw();
  await lock.resume(suspended);
  if (isNotified) node.finish();
  if (aborted && !isNotified) throw aborted.reason;
  return isNotified;
}

/** The same, blocking the thread. */
export function waitSync<Suspended>(
  agent: Agent,
  lock: ConditionLock<Suspended>,
  node: WaitNode,
  options: WaitOptions,
): boolean {
  const suspended = lock.suspend();
  block(agent, node.events, node, options);
  const isNotified = node.withdraw();
  lock.resumeSync(suspended);
  if (isNotified) node.finish();
  return isNotified;
}
