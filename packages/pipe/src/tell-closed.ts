import type { EventCount, Ringer } from '@multiproc/core';

/**
 * Wakes whoever waits at the other end of a pipe. To be called after a hold of this end was given
 * up: who wakes up looks whether it was the last. For all, because the end of messages, unlike a
 * message, is for everybody.
 *
 * @param ringer - the agent that closes
 * @param items - what receivers at the other end wait on, if there are any
 * @param room - what senders at the other end wait on, if there are any
 */
export function tellClosed(
  ringer: Ringer,
  items: EventCount | undefined,
  room: EventCount | undefined,
): void {
  items?.wake(ringer, true);
  room?.wake(ringer, true);
}
