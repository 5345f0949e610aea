import {
  type Attachment,
  attach,
  EventCount,
  type Handle,
  registerType,
  SharedObject,
} from '@multiproc/core';

/**
 * What the owner of a pool waits on: the event count of all its workers, so that a ring of one worker
 * has the owner look at every lane, and further workers find nobody to wake until it has done so.
 */
export class Bell extends SharedObject {
  static {
    registerType({ name: 'PoolBell', shared: Bell, module: import.meta.url });
  }

  /** The event count. */
  readonly events: EventCount;

  /** @param attachment - an existing bell; left out: a new one */
  constructor(attachment?: Attachment) {
    super({ type: 'PoolBell', bytes: EventCount.WORDS * 4 }, attachment);
    this.events = new EventCount(this.family.memory, this.content);
  }

  /** The bell that a handle names. */
  static from(handle: Handle): Bell {
    return attach(handle, 'PoolBell') as Bell;
  }

  /** Wakes the owner, if it waits. */
  ring(): void {
    this.events.wake(this.family.agent, false);
  }

  protected override use(): undefined {
    return undefined;
  }
}
