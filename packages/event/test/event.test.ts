import { Event } from '@multiproc/event';
import { timersRunBeside } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';

describe('Event', () => {
  it('is the same object when it is found again by its handle or name', () => {
    const event = new Event({ name: 'event.test' });
    expect(new Event({ name: 'event.test' })).toBe(event);
    expect(Event.from(JSON.parse(JSON.stringify(event)))).toBe(event);
    expect(new Event()).not.toBe(event);
  });

  it('refuses options that are none', () => {
    expect(() => new Event(5 as never)).toThrow(/options must be an object/);
    expect(() => new Event({ name: 5 } as never)).toThrow(/options\.name must be a string/);
  });

  it('set() and clear() serve every call that was waiting, and none that came later', async () => {
    const event = new Event();
    const served: number[] = [];
    const early = [1, 2, 3].map((call) => event.wait().then(() => served.push(call)));
    event.set();
    event.clear();
    const late = event.wait({ timeout: 30 });
    await Promise.all(early);
    expect(served).toEqual([1, 2, 3]);
    expect(await late).toBe(false);
  });

  it('a call whose time-out comes late still sees that the event was set', async () => {
    const event = new Event();
    const first = event.wait();
    const second = event.wait({ timeout: 5 });
    event.set();
    // The time-out is over before the event loop can tell anybody that the event is set.
    const end = performance.now() + 20;
    while (performance.now() < end);
    expect(await second).toBe(true);
    expect(await first).toBe(true);
  });

  it('a wait that is aborted rejects with the reason, and the others go on waiting', async () => {
    const event = new Event();
    const controller = new AbortController();
    const aborted = event.wait({ signal: controller.signal });
    const other = event.wait();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    event.set();
    expect(await other).toBe(true);
  });

  it('cannot be disposed while a call waits for it', async () => {
    const event = new Event();
    const waiting = event.wait();
    expect(() => event[Symbol.dispose]()).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
    event.set();
    await waiting;
    event[Symbol.dispose]();
  });

  it('a loop that awaits a set event lets timers run', async () => {
    const event = new Event();
    event.set();
    expect(await timersRunBeside(() => event.wait())).toBe(true);
  });
});
