import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { eventually } from '@multiproc/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { identityOf, lookUp, ownIdentity, ownThreadNumber } from '../src/agents/identity.js';
import { Liveness } from '../src/agents/liveness.js';
import { loadNative } from '../src/family/open-memory.js';
import type { Native } from '../src/memory/native.js';
import { killMembers, program } from './fixtures/family-spawn.js';

afterAll(killMembers);

const native = loadNative() as Native;

function sleeper(): { pid: number; end: () => void } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const pid = child.pid as number;
  return {
    pid,
    // Returns before Node has heard of it: the process stays a zombie meanwhile.
    end: () => {
      process.kill(pid, 'SIGKILL');
      while (lookUp(pid, pid) !== 'ended');
    },
  };
}

const countPidfds = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('pidfd');
    } catch {
      return false;
    }
  }).length;

describe.each([
  ["with the platform's calls", native],
  ['without them', undefined],
])('%s', (_, provider) => {
  it('a process is alive until it has ended, and dead as a zombie already', () => {
    const liveness = new Liveness(provider);
    const { pid, end } = sleeper();
    const identity = identityOf(pid, pid);
    if (!identity) throw new Error('the process is there');
    expect(liveness.hasEnded(1, identity)).toBe(false);
    end();
    expect(process.kill(pid, 0)).toBe(true);
    expect(liveness.hasEnded(1, identity)).toBe(true);
    expect(liveness.hasEnded(1, identity)).toBe(true);
    liveness.close();
  });

  it('a process that got the pid of a dead one does not stand for it', () => {
    const liveness = new Liveness(provider);
    const { pid, end } = sleeper();
    const identity = identityOf(pid, pid);
    if (!identity) throw new Error('the process is there');
    const before = { ...identity, startLow: identity.startLow - 1 };
    expect(liveness.hasEnded(1, before)).toBe(true);
    expect(liveness.hasEnded(2, identity)).toBe(false);
    liveness.close();
    end();
  });

  it('a thread of this process is alive until it has ended, and dead then', async () => {
    const liveness = new Liveness(provider);
    const worker = new Worker(
      'const { parentPort } = require("node:worker_threads");' +
        'parentPort.postMessage(require("node:fs").readlinkSync("/proc/thread-self"));' +
        'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
      { eval: true },
    );
    const [link] = await once(worker, 'message');
    const identity = identityOf(process.pid, Number(link.split('/')[2]));
    if (!identity) throw new Error('the thread is there');
    expect(identity.tid).not.toBe(process.pid);
    expect(liveness.hasEnded(1, identity)).toBe(false);
    await worker.terminate();
    // Whoever waits for the end of a thread is let go a moment before the system forgets that thread.
    await eventually(() => liveness.hasEnded(1, identity), 20_000, 'the thread is dead');
  });
});

it('an agent that cannot be checked is alive', () => {
  const unknown = { pid: 1, tid: 0, startLow: 0, startHigh: 0 };
  expect(new Liveness(native).hasEnded(1, unknown)).toBe(false);
});

it('the calling thread knows itself', () => {
  const me = ownIdentity();
  expect(me).toEqual(identityOf(process.pid, me.tid));
  expect(ownThreadNumber(me)).toBe(me.tid);
  expect(ownThreadNumber({ ...me, tid: 0 })).toBeGreaterThan(0);
});

it('descriptors of agents that others have reaped are closed before they are many', () => {
  const before = countPidfds();
  const liveness = new Liveness(native);
  const { pid, end } = sleeper();
  const identity = identityOf(pid, pid);
  if (!identity) throw new Error('the process is there');
  for (let id = 1; id <= 300; id++) {
    liveness.prune((other) => other < id);
    expect(liveness.hasEnded(id, identity)).toBe(false);
  }
  expect(countPidfds() - before).toBeLessThanOrEqual(64);
  liveness.close();
  expect(countPidfds()).toBe(before);
  end();
});

it('nobody who lives is taken for dead for want of descriptors', async () => {
  const file = program('agents-no-descriptors.js');
  const shell = spawn('sh', ['-c', `ulimit -n 120; exec "${process.execPath}" "${file}"`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(shell.stdout, 'data');
  expect(JSON.parse(String(output))).toEqual({ code: 'EMFILE', isDead: false });
});
