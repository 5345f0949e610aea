import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { currentFamily } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import type { StartMethod } from '@multiproc/process';
import { untilCollected, within } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as sharing from '../fixtures/sharing.js';
import * as targets from '../fixtures/targets.js';
import { Kit, LIMIT } from './kit.js';

/** What the object that stands for a process does. Numbers are those of Python's behaviours. */
export function objectSuite(startMethod: StartMethod): void {
  const { answers, make, start, joined } = new Kit(startMethod);

  describe('sentinel', () => {
    it('is ready when the process has ended, not before [17]', async () => {
      const child = make(targets.sleep);
      expect(() => child.sentinel).toThrow(expect.objectContaining({ code: 'ERR_PROCESS_STATE' }));
      child.start();
      const { sentinel } = child;
      expect(sentinel.ready).toBe(false);
      expect(sentinel.waitSync({ timeout: 0 })).toBe(false);
      const waiting = sentinel.wait();
      child.terminate();
      expect(await within(LIMIT, waiting, 'the sentinel')).toBe(true);
      expect(sentinel.ready).toBe(true);
      expect(sentinel.waitSync()).toBe(true);
    });
  });

  describe('close', () => {
    it('is refused while the process runs, and ends the use of the object [18, 236]', async () => {
      const child = start(targets.sleep);
      const refusal = expect.objectContaining({ code: 'ERR_PROCESS_STATE' });
      expect(() => child.close()).toThrow(refusal);
      child.kill();
      await joined(child);
      child.close();
      child.close();
      expect(() => child.isAlive()).toThrow(refusal);
      expect(() => child.joinSync()).toThrow(refusal);
      await expect(child.join()).rejects.toThrow(refusal);
      expect(() => child.terminate()).toThrow(refusal);
      expect(() => child.start()).toThrow(refusal);
      expect(() => child.pid).toThrow(refusal);
      expect(child.name).toMatch(/^Process-/);
      expect(String(child)).toMatch(/ closed>$/);
    });
  });

  describe('memory', () => {
    it('start() forgets the arguments [20]', async () => {
      let argument: object | undefined = { big: true };
      const reference = new WeakRef(argument);
      const child = start(targets.answerArguments, [answers.file(), argument]);
      argument = undefined;
      await joined(child);
      await untilCollected(() => reference.deref() === undefined, 'the argument is collected');
    });

    it('places in the agent table and blocks of start messages are given back', async () => {
      const { table, arena } = currentFamily();
      const lock = new Lock();
      await joined(start(sharing.answerLocked, [answers.file(), { nested: [lock] }]));
      const before = { agents: [...table.tenants()].length, used: arena.used };
      for (let round = 0; round < 3; round++) {
        const children = [
          start(sharing.answerLocked, [answers.file(), { nested: [lock] }]),
          start(targets.answerArguments, [answers.file(), 'x'.repeat(100_000)]),
        ];
        if (round === 1) for (const child of children) child.kill();
        for (const child of children) await joined(child);
      }
      expect([...table.tenants()].length).toBe(before.agents);
      expect(arena.used).toBeLessThanOrEqual(before.used);
    });
  });

  if (startMethod === 'spawn') {
    describe('descriptors', () => {
      it('a child has no more of them when it has siblings [21], nor unrelated ones [34]', async () => {
        const unrelated = openSync(tmpdir(), 'r');
        const first = answers.file();
        await joined(start(targets.answerDescriptors, [first]));
        for (let i = 0; i < 3; i++) start(targets.sleep);
        const second = answers.file();
        await joined(start(targets.answerDescriptors, [second]));
        closeSync(unrelated);
        expect(answers.read(second)).toHaveLength(answers.read(first).length);
        expect(answers.read(second).filter((fd: string) => fd.endsWith(` ${tmpdir()}`))).toEqual(
          [],
        );
      });
    });
  }
}
