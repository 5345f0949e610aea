import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { currentFamily, familyEnv } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import { describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./fixtures/family-fork.js', import.meta.url));

async function answerOf(env: Record<string, string>): Promise<Record<string, unknown>> {
  const child = fork(PROGRAM, { env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  const [message] = await once(child, 'message');
  await ended;
  return message;
}

describe.runIf(process.platform === 'linux')('familyEnv', () => {
  it('makes a forked process join the family, where it finds objects by their names', async () => {
    const lock = new Lock({ name: 'shared by name' });
    const hold = lock.acquireSync();
    const answer = await answerOf(familyEnv());
    expect(answer).toEqual({ family: currentFamily().id, isHeld: true, handle: lock.handle });
    hold.release();
  });

  it.each([
    ['of another layout', (offer: string) => offer.replace(/^\d+/, '999')],
    ['of a process that has ended', (offer: string) => offer.replace(/^(\d+):\d+/, '$1:4194305')],
    ['of another family', (offer: string) => offer.replace(/[0-9a-f]{16}$/, '0123456789abcdef')],
    ['that leads to another file', (offer: string) => offer.replace(/^(\d+:\d+):\d+/, '$1:1')],
    ['that is nonsense', () => 'nonsense'],
  ])('an offer %s is not taken: the process founds a family of its own', async (_, change) => {
    const offer = familyEnv().MULTIPROC_FAMILY as string;
    const answer = await answerOf({ MULTIPROC_FAMILY: change(offer) });
    expect(answer.family).not.toBe(currentFamily().id);
    expect(answer.isHeld).toBe(false);
  });
});

describe('named objects', () => {
  it('are the same object for the same name and type', () => {
    const lock = new Lock({ name: 'a' });
    expect(new Lock({ name: 'a' })).toBe(lock);
    expect(new Lock({ name: 'b' })).not.toBe(lock);
    expect(new Lock()).not.toBe(lock);
  });

  it('end with their last holder, and the name can be taken again', () => {
    const { arena } = currentFamily();
    const before = new Lock({ name: 'short-lived' });
    const { used } = arena;
    const { handle } = before;
    before[Symbol.dispose]();
    expect(() => Lock.from(handle)).toThrow(expect.objectContaining({ code: 'ERR_HANDLE' }));
    expect(new Lock({ name: 'short-lived' }).handle.serial).not.toBe(handle.serial);
    expect(arena.used).toBe(used);
  });

  it('refuse a name that is no string', () => {
    expect(() => new Lock({ name: 5 as never })).toThrow(/options\.name must be a string/);
  });
});
