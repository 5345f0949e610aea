import { currentFamily } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import { currentProcess, isMainProcess, parentProcess, type StartMethod } from '@multiproc/process';
import { eventually } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as sharing from '../fixtures/sharing.js';
import * as targets from '../fixtures/targets.js';
import { Kit, LIMIT } from './kit.js';

/** What a child is and gets. Numbers are those of Python's behaviours. */
export function childSuite(startMethod: StartMethod): void {
  const { answers, make, start, joined } = new Kit(startMethod);

  describe('what the child gets', () => {
    it('arguments from an array or another iterable, unchanged [2]', async () => {
      for (const args of [[1, 'é', [null, { a: 1 }]], new Set([1, 'é', [null, { a: 1 }]])]) {
        const file = answers.file();
        const child = start(targets.answerArguments, [file, ...args]);
        await joined(child);
        expect(answers.read(file).args).toEqual([1, 'é', [null, { a: 1 }]]);
      }
    });

    it('values that JSON cannot carry', async () => {
      const file = answers.file();
      const values = [new Map([[1, 2]]), new Date(0), new Uint8Array([1, 2]), 3n, undefined];
      await joined(start(targets.answerTypes, [file, ...values]));
      const date = '1970-01-01T00:00:00.000Z';
      const expected = { map: [[1, 2]], date, bytes: [1, 2], big: 'bigint', nothing: true };
      expect(answers.read(file)).toEqual(expected);
    });

    it('named arguments as its last argument [7]', async () => {
      const file = answers.file();
      await joined(start(targets.answerArguments, [file, 1], { kwargs: { bye: 5 } }));
      expect(answers.read(file)).toMatchObject({ count: 2, last: { bye: 5 } });
    });

    it('shared objects, which stay shared', async () => {
      const lock = new Lock();
      const hold = lock.acquireSync();
      const file = answers.file();
      const child = start(sharing.answerLocked, [file, { nested: [lock] }]);
      await joined(child);
      expect(answers.read(file)).toEqual({ locked: true, same: true, acquired: false });
      hold.release();
      expect(child.exitCode).toBe(0);
    });

    it('its name, pid, parent and authentication key [4, 7]', async () => {
      const file = answers.file();
      const child = start(targets.answerSelf, [file], { name: 'a name' });
      const { pid } = child;
      await joined(child);
      const answer = answers.read(file);
      expect(answer).toMatchObject({
        name: 'a name',
        pid,
        realPid: pid,
        daemon: false,
        authKey: Buffer.from(child.authKey).toString('hex'),
        isAlive: true,
        exitCode: null,
        isMainProcess: false,
        children: 0,
        shown: `<Process name='a name' pid=${pid} parent=${process.pid} started>`,
        argv: process.argv.slice(2),
        parent: { pid: process.pid, name: 'MainProcess', isAlive: true },
      });
    });

    it('a thread or process of its own [8]', async () => {
      const file = answers.file();
      await joined(start(targets.answerSelf, [file]));
      const { isMainThread, realPid } = answers.read(file);
      expect(isMainThread).toBe(startMethod === 'spawn');
      expect(realPid === process.pid).toBe(startMethod === 'thread');
    });

    it('the authentication key that was set before the start', async () => {
      const file = answers.file();
      const child = make(targets.answerSelf, [file]);
      child.authKey = Buffer.from('secret');
      child.start();
      await joined(child);
      expect(answers.read(file).authKey).toBe(Buffer.from('secret').toString('hex'));
    });

    it('environment variables and options of Node', async () => {
      const file = answers.file();
      const env = { ...process.env, PROCESS_TEST: 'yes' };
      const execArgv = ['--no-deprecation'];
      await joined(start(targets.answerEnvironment, [file], { env, execArgv }));
      expect(answers.read(file)).toEqual({ env: 'yes', execArgv });
    });

    it('options of Node are inherited through two generations [33]', async () => {
      const file = answers.file();
      const execArgv = ['--no-deprecation', '--trace-uncaught'];
      const child = start(targets.answerOptionsOfGrandchild, [file, startMethod], { execArgv });
      await joined(child);
      expect(child.exitCode).toBe(0);
      expect(answers.read(file).execArgv).toEqual(execArgv);
    });

    it('a target given by module and name', async () => {
      const file = answers.file();
      const module = new URL('../fixtures/targets.js', import.meta.url);
      await joined(start({ module, name: 'answerArguments' }, [file, 1]));
      expect(answers.read(file).args).toEqual([1]);
    });

    it('a target whose module is CommonJS', async () => {
      const file = answers.file();
      const module = new URL('../fixtures/targets.cjs', import.meta.url);
      await joined(start({ module, name: 'answer' }, [file]));
      expect(answers.read(file)).toBe('commonjs');
    });

    it('nothing on stdin [38]', async () => {
      const file = answers.file();
      await joined(start(targets.answerStdin, [file]));
      expect(answers.read(file)).toEqual({ bytes: 0 });
    });
  });

  describe('its end', () => {
    it('comes when the promise of the target has settled', async () => {
      const file = answers.file();
      await joined(start(targets.settlesLate, [file]));
      expect(answers.read(file)).toBe('settled');
    });

    it('comes when nothing keeps its event loop alive any more [22]', async () => {
      const file = answers.file();
      const child = start(targets.timerAfterReturn, [file]);
      await joined(child);
      expect(answers.read(file)).toBe('timer');
      expect(child.exitCode).toBe(0);
    });

    it('runs the exit hooks [31]', async () => {
      const file = answers.file();
      await joined(start(targets.exitHook, [file]));
      expect(answers.read(file)).toEqual({ code: 0 });
    });
  });

  describe('family', () => {
    it('the main process is alive, no daemon, and has a key of 32 bytes [1]', () => {
      const self = currentProcess();
      expect(self).toBe(currentProcess());
      expect(self.isAlive()).toBe(true);
      expect(self.daemon).toBe(false);
      expect(self.ident).toBe(process.pid);
      expect(self.exitCode).toBeNull();
      expect(self.authKey).toHaveLength(32);
      expect(self.name).toBe('MainProcess');
      expect(parentProcess()).toBeNull();
      expect(isMainProcess()).toBe(true);
    });

    it('processes nest, and are named after their place [16]', async () => {
      const file = answers.file();
      const child = start(targets.nest, [file, 2, startMethod]);
      await joined(child);
      expect(child.exitCode).toBe(0);
      expect(child.name).toMatch(/^Process-\d+$/);
      const { name, parent } = answers.read(file);
      expect(name).toBe(`${child.name}:1:1`);
      expect(parent.name).toBe(`${child.name}:1`);
    });

    it('a child may start and join children while it blocks [38]', async () => {
      const file = answers.file();
      await joined(start(targets.startFromChild, [file, startMethod]));
      expect(answers.read(file)).toMatchObject({ joined: true, exitCode: 0 });
    });

    it('a grandchild notices the death of its parent [5]', async () => {
      const file = answers.file();
      // A thread that ends takes its own threads with it, so the grandchild is a process.
      const grandchild = startMethod === 'thread' && !hasSpawn() ? undefined : 'spawn';
      if (!grandchild) return;
      const { table } = currentFamily();
      const before = [...table.tenants()];
      const child = start(targets.startWatcher, [file, grandchild]);
      const early = await answers.wait(file);
      expect(early).toMatchObject({ isAlive: true, early: false });
      child.terminate();
      await joined(child);
      const late = await answers.wait(file, (answer) => 'joined' in answer);
      expect(late).toEqual({ isAlive: false, joined: true, sync: true });
      // Tests that come later count places and blocks.
      const hasLeft = () => [...table.tenants()].every((id) => before.includes(id));
      await eventually(hasLeft, LIMIT, 'the grandchild has left the family');
    });

    it('daemon is inherited from the maker unless it is given [3]', () => {
      expect(make(targets.empty).daemon).toBe(false);
      expect(make(targets.empty, [], { daemon: true }).daemon).toBe(true);
      expect(make(targets.empty, [], { daemon: null }).daemon).toBe(false);
      const child = make(targets.empty);
      child.daemon = true;
      expect(child.daemon).toBe(true);
    });

    it('a daemon may not start processes [237]', async () => {
      const file = answers.file();
      const child = start(targets.startFromDaemon, [file, startMethod], { daemon: true });
      await joined(child);
      const { code, message } = answers.read(file);
      expect(code).toBe('ERR_PROCESS_STATE');
      expect(message).toContain(`${child.name} is a daemon`);
    });
  });

  describe('subclass', () => {
    it('runs its own run() with its own properties, and is the current process there [26]', async () => {
      const file = answers.file();
      const child = new targets.Runner(file, 100);
      child.start();
      await joined(child);
      expect(child.exitCode).toBe(0);
      const expected = { sum: 5050, isCurrent: true, isRunner: true, name: 'runner of 100' };
      expect(answers.read(file)).toEqual(expected);
    });

    it('may call the run() that it overrides', async () => {
      const file = answers.file();
      const child = new targets.Wrapper({
        target: targets.answerArguments,
        args: [file, 1],
        startMethod,
      });
      child.start();
      await joined(child);
      expect(answers.read(file).args).toEqual([1]);
      expect(child.name).toMatch(/^Wrapper-\d+$/);
    });
  });
}

function hasSpawn(): boolean {
  return process.env.MULTIPROC_MEMORY !== 'thread';
}
