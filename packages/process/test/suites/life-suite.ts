import { activeChildren, type Process, type StartMethod } from '@multiproc/process';
import { elapsed, eventually } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as targets from '../fixtures/targets.js';
import { Kit, LIMIT } from './kit.js';

/** How a process starts and ends. Numbers are those of Python's behaviours. */
export function lifeSuite(startMethod: StartMethod): void {
  const { answers, make, start, joined } = new Kit(startMethod);

  describe('life', () => {
    it('is not alive before the start, alive after it, and not after the end [6]', async () => {
      const child = make(targets.sleep);
      expect(child.isAlive()).toBe(false);
      expect(child.exitCode).toBeNull();
      expect(child.pid).toBeUndefined();
      expect(activeChildren()).not.toContain(child);
      child.start();
      expect(child.isAlive()).toBe(true);
      expect(child.exitCode).toBeNull();
      expect(activeChildren()).toEqual([child]);
      child.terminate();
      expect(await joined(child)).toBe(true);
      expect(child.isAlive()).toBe(false);
      expect(activeChildren()).toEqual([]);
    });

    it('a target that returns gives exit code 0 [6]', async () => {
      const child = start(targets.empty);
      await joined(child);
      expect(child.exitCode).toBe(0);
    });

    it('a process without target runs nothing and ends with 0', async () => {
      const child = start(undefined);
      await joined(child);
      expect(child.exitCode).toBe(0);
    });

    it('runs while its parent is blocked in joinSync', () => {
      const file = answers.file();
      const child = start(targets.answerArguments, [file, 1]);
      expect(child.joinSync({ timeout: LIMIT })).toBe(true);
      expect(child.exitCode).toBe(0);
      expect(answers.read(file).args).toEqual([1]);
    });

    it('join with a timeout of 0 or less returns false at once, and the child lives on [9]', async () => {
      const child = start(targets.sleep);
      for (const timeout of [0, -1]) {
        // Before any timer of this turn could fire.
        const turn = new Promise((resolve) => setImmediate(resolve, 'a turn of the event loop'));
        expect(await Promise.race([child.join({ timeout }), turn])).toBe(false);
        expect(child.joinSync({ timeout })).toBe(false);
      }
      expect(child.isAlive()).toBe(true);
    });

    it('join returns false after its timeout, and may be called again and again', async () => {
      const child = start(targets.sleep);
      const { result, milliseconds } = await elapsed(() => child.join({ timeout: 60 }));
      expect(result).toBe(false);
      expect(milliseconds).toBeGreaterThanOrEqual(59);
      const blocked = await elapsed(() => child.joinSync({ timeout: 60 }));
      expect(blocked.result).toBe(false);
      expect(blocked.milliseconds).toBeGreaterThanOrEqual(59);
      child.kill();
      expect(await joined(child)).toBe(true);
      expect(await joined(child)).toBe(true);
      expect(child.joinSync()).toBe(true);
    });

    it('join rejects with the reason of an aborted signal', async () => {
      const child = start(targets.sleep);
      const controller = new AbortController();
      const reason = new Error('enough');
      const join = child.join({ signal: controller.signal });
      controller.abort(reason);
      await expect(join).rejects.toBe(reason);
      expect(child.isAlive()).toBe(true);
    });

    it('many callers may wait for one process, and one for many', async () => {
      const children = [start(targets.empty), start(targets.empty), start(targets.empty)];
      const all = [...children, ...children].map((child) => joined(child));
      expect(await Promise.all(all)).toEqual(Array(6).fill(true));
      expect(children.map((child) => child.exitCode)).toEqual([0, 0, 0]);
    });

    it('processes that end together can be waited for in any form [32]', async () => {
      const children = Array.from({ length: 5 }, () => start(targets.sleep));
      for (const child of children) child.kill();
      expect(await joined(children[0] as Process)).toBe(true);
      for (const child of children) expect(child.joinSync({ timeout: LIMIT })).toBe(true);
      await eventually(
        () => children.every((c) => c.exitCode === -9),
        LIMIT,
        'all codes are known',
      );
    });

    it('five at once end with 0, and five terminated right after the start with -15 [19]', async () => {
      const children = Array.from({ length: 5 }, () => start(targets.empty));
      for (const child of children) await joined(child);
      expect(children.map((child) => child.exitCode)).toEqual([0, 0, 0, 0, 0]);
      const terminated = Array.from({ length: 5 }, () => start(targets.sleep));
      for (const child of terminated) child.terminate();
      for (const child of terminated) await joined(child);
      expect(terminated.map((child) => child.exitCode)).toEqual([-15, -15, -15, -15, -15]);
    });
  });

  describe('exit code', () => {
    it.each([
      [0, 0],
      [8, 8],
      [255, 255],
      [256, 0],
      [300, 44],
      [-1, 255],
    ])('process.exit(%i) gives %i [29, 238]', async (code, expected) => {
      const child = start(targets.exit, [code]);
      await joined(child);
      expect(child.exitCode).toBe(expected);
    });

    it('is the same for a parent that blocks', () => {
      const child = start(targets.exit, [300]);
      expect(child.joinSync({ timeout: LIMIT })).toBe(true);
      expect(child.exitCode).toBe(44);
    });

    it('honours process.exitCode, also when an exit hook sets it', async () => {
      const children = [start(targets.setExitCode, [5]), start(targets.setExitCodeInHook, [6])];
      for (const child of children) await joined(child);
      expect(children.map((child) => child.exitCode)).toEqual([5, 6]);
      const blocked = start(targets.setExitCodeInHook, [7]);
      blocked.joinSync({ timeout: LIMIT });
      expect(blocked.exitCode).toBe(7);
    });

    it('is 13 when nothing is left that could settle the promise of the target', async () => {
      const child = start(targets.neverSettles);
      await joined(child);
      expect(child.exitCode).toBe(13);
    });

    it('terminate() gives -15, and the process is not listed any more [10]', async () => {
      const child = start(targets.sleep);
      child.terminate();
      await joined(child);
      expect(child.exitCode).toBe(-15);
      expect(activeChildren()).toEqual([]);
    });

    it('kill() gives -9 [11], also for a child that never yields', async () => {
      const file = answers.file();
      const children = [start(targets.say, [file, 'up']), start(targets.spin)];
      await answers.wait(file);
      for (const child of children) child.kill();
      for (const child of children) expect(child.joinSync({ timeout: LIMIT })).toBe(true);
      expect(children.map((child) => child.exitCode)).toEqual([-9, -9]);
    });

    it('interrupt() gives -2 without a listener [13]', async () => {
      const child = start(targets.sleep);
      child.interrupt();
      await joined(child);
      expect(child.exitCode).toBe(-2);
    });
  });

  describe('signals', () => {
    it.each([
      ['SIGTERM', 15, (child: Process) => child.terminate({ grace: LIMIT })],
      ['SIGINT', 2, (child: Process) => child.interrupt()],
    ] as const)(
      '%s reaches a listener, which may choose the exit code [12]',
      async (signal, number, send) => {
        const file = answers.file();
        const child = start(targets.listen, [file, signal, 7]);
        await answers.wait(file);
        send(child);
        await joined(child);
        expect(child.exitCode).toBe(7);
        expect(answers.read(file)).toEqual({ name: signal, number });
      },
    );

    it('terminate() kills a child that does not go within the grace period', async () => {
      const file = answers.file();
      const child = start(targets.ignore, [file, 'SIGTERM']);
      await answers.wait(file);
      child.terminate({ grace: 50 });
      await joined(child);
      expect(child.exitCode).toBe(-9);
    });

    it('terminate() does so too while the parent is blocked', async () => {
      const file = answers.file();
      const child = start(targets.ignore, [file, 'SIGTERM']);
      await answers.wait(file);
      child.terminate({ grace: 50 });
      expect(child.joinSync({ timeout: LIMIT })).toBe(true);
      expect(child.exitCode).toBe(-9);
    });

    it('a listener that has been removed does not count', async () => {
      const file = answers.file();
      const child = start(targets.listenAndStop, [file, 'SIGTERM']);
      await answers.wait(file);
      child.terminate();
      await joined(child);
      expect(child.exitCode).toBe(-15);
    });

    it('signals to a process that has ended do nothing [235]', async () => {
      const child = start(targets.empty);
      await joined(child);
      child.kill();
      child.terminate();
      child.interrupt();
      expect(child.exitCode).toBe(0);
    });
  });
}
