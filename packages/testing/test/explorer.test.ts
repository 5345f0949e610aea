import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { explore, type Model, ScheduleError, sabotage } from '@multiproc/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);

const mutex: Model = {
  name: 'mutex',
  module: fixture('mutex-agents.js'),
  subject: fixture('mutex.js'),
  agents: ['locker', 'locker', 'locker'],
  words: 3,
  labels: { 0: 'STATE' },
  check: (words) => expect([...words]).toEqual([0, 0, 3]),
};

const robust: Model = {
  name: 'robust',
  module: fixture('robust-agents.js'),
  subject: fixture('robust-lock.js'),
  agents: ['user', 'user', 'user'],
  words: 5,
  bound: 1,
};

const reaped: Model = {
  ...robust,
  name: 'reaped',
  agents: ['patient', 'patient', 'reaper'],
  kills: 1,
  killable: ['patient'],
  check: (words, { killed }) => {
    expect(words[0]).toBe(0);
    expect(words[4]).toBe(killed.length);
  },
};

const small: Model = {
  module: fixture('small-agents.js'),
  agents: ['stepper', 'stepper'],
  words: 1,
};

async function failureOf(model: Model): Promise<ScheduleError> {
  const outcome = await explore(model).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(ScheduleError);
  return outcome as ScheduleError;
}

describe('the search', () => {
  it('runs every interleaving exactly once when nothing bounds it', async () => {
    // Two agents of three steps each: 6 over 3.
    await expect(explore({ ...small, bound: 9 })).resolves.toMatchObject({
      schedules: 20,
      steps: 120,
      isComplete: true,
    });
  });

  it('counts only interruptions of an agent that could go on against the bound', async () => {
    const schedules = async (bound: number) => (await explore({ ...small, bound })).schedules;
    // 0: one agent after the other. 1: either is interrupted once, at one of two points.
    expect(await schedules(0)).toBe(2);
    expect(await schedules(1)).toBe(6);
  });

  it('stops at maxSchedules and says that it is not complete', async () => {
    const outcome = await explore({ ...small, maxSchedules: 3 });
    expect(outcome).toMatchObject({ schedules: 3, isComplete: false });
  });

  it('runs a subject in TypeScript', async () => {
    const outcome = await explore({
      ...small,
      subject: fixture('counter.ts'),
      agents: ['counter', 'counter', 'counter'],
      check: (words) => expect(words[0]).toBe(3),
    });
    expect(outcome.schedules).toBe(6);
    const cache = fileURLToPath(
      new URL('../node_modules/.cache/schedule-explorer', import.meta.url),
    );
    // Another run of the tests may have its own there.
    expect(readdirSync(cache).filter((name) => name.startsWith(`${process.pid}-`))).toEqual([]);
  });
});

describe('a correct mutex', () => {
  it('passes with three blocking agents at bound 2', async () => {
    const outcome = await explore(mutex);
    expect(outcome.isComplete).toBe(true);
    expect(outcome.schedules).toBeGreaterThan(300);
  });

  it('passes with blocking and awaiting agents on the same word', async () => {
    await explore({ ...mutex, agents: ['locker', 'awaiter', 'awaiter'] });
  });
});

describe('broken mutexes', () => {
  const forgetsOthers = {
    name: 'a woken waiter does not keep the lock marked as contended',
    find: `while (Atomics.exchange(this.#words, this.#index, CONTENDED) !== FREE) {
      Atomics.wait(`,
    replace: `while (Atomics.compareExchange(this.#words, this.#index, FREE, LOCKED) !== FREE) {
      Atomics.compareExchange(this.#words, this.#index, LOCKED, CONTENDED);
      Atomics.wait(`,
  };
  const breakages = [
    forgetsOthers,
    {
      name: 'sleeps while the word is whatever it is now',
      find: 'Atomics.wait(this.#words, this.#index, CONTENDED)',
      replace: 'Atomics.wait(this.#words, this.#index, Atomics.load(this.#words, this.#index))',
    },
    {
      name: 'notifies before it frees',
      find: `if (Atomics.exchange(this.#words, this.#index, FREE) === LOCKED) return;
    Atomics.notify(this.#words, this.#index, 1);`,
      replace: `Atomics.notify(this.#words, this.#index, 1);
    Atomics.store(this.#words, this.#index, FREE);`,
    },
    {
      name: 'takes the lock by a load and a store',
      find: `lock() {
    if (Atomics.compareExchange(this.#words, this.#index, FREE, LOCKED) === FREE) return;`,
      replace: `lock() {
    if (Atomics.load(this.#words, this.#index) === FREE) {
      Atomics.store(this.#words, this.#index, LOCKED);
      return;
    }`,
    },
  ];

  it('are all caught with three agents', async () => {
    const outcomes = await sabotage(mutex, breakages);
    expect(outcomes.map(({ error }) => error?.kind)).toEqual([
      'deadlock',
      'deadlock',
      'deadlock',
      'exception',
    ]);
  });

  it('need three agents to be found when a waiter forgets the others', async () => {
    const check = (words: Int32Array) => expect([...words]).toEqual([0, 0, 2]);
    const two = { ...mutex, agents: ['locker', 'locker'], bound: 9, check };
    expect(await sabotage(two, [forgetsOthers])).toMatchObject([{ isCaught: false }]);
  });

  it('are caught when an awaiting agent runs them', async () => {
    const agents = ['awaiter', 'awaiter', 'awaiter'];
    const find = 'await Atomics.waitAsync(this.#words, this.#index, CONTENDED)';
    const replace =
      'await Atomics.waitAsync(this.#words, this.#index, Atomics.load(this.#words, this.#index))';
    const [outcome] = await sabotage({ ...mutex, agents }, [{ name: 'async', find, replace }]);
    expect(outcome?.error?.message).toContain('awaits, and its event loop has nothing to do');
  });

  it('refuses a patch whose text is not there', async () => {
    const patch = { name: 'stale', find: 'no such text', replace: '' };
    await expect(sabotage(mutex, [patch])).rejects.toThrow(
      "patch 'stale': its text occurs nowhere",
    );
  });

  it('refuses a patch whose text is there twice', async () => {
    const patch = { name: 'vague', find: 'CONTENDED) !== FREE', replace: '' };
    await expect(sabotage(mutex, [patch])).rejects.toThrow('occurs 2 times');
  });
});

describe('a failure', () => {
  const broken: Model = {
    ...mutex,
    patch: { name: 'silent', find: 'Atomics.notify(this.#words, this.#index, 1);', replace: '' },
  };

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('prints each step with its word, change and place', async () => {
    const { schedule, message } = await failureOf(broken);
    expect(schedule).toMatch(/^ ?0 {2}\d locker {2}compareExchange\(STATE, 0, 1\) 0 → 1 {2}at/m);
    expect(schedule).toMatch(/wait\(STATE, 2\) waits {2}at Mutex.lock mutex.js:18$/m);
    expect(message).toContain('sleeps in Atomics.wait (waits on STATE)');
  });

  it('happens again in the same way by its replay string', async () => {
    const first = await failureOf(broken);
    const again = await failureOf({ ...broken, replay: first.replay });
    expect(again.message).toBe(first.message);
    expect(first.message).toContain(`MP_REPLAY='${first.replay}'`);
  });

  it('is replayed by MP_REPLAY, which leaves other models alone', async () => {
    const { replay } = await failureOf({ ...broken, bound: 1 });
    vi.stubEnv('MP_REPLAY', replay);
    const repaired = await explore(mutex);
    expect(repaired.isComplete).toBe(true);
    expect((await failureOf({ ...broken })).replay).toBe(replay);
  });

  it('in the environment of a model that passes runs that one schedule', async () => {
    vi.stubEnv('MP_REPLAY', 'mutex@1x2,2');
    expect(await explore(mutex)).toMatchObject({ schedules: 1, isComplete: false });
  });

  it('is reported when a blocking agent throws', async () => {
    const error = await failureOf({ ...small, agents: ['thrower', 'thrower'] });
    expect(error.kind).toBe('exception');
    expect(error.message).toContain('agent 1 (thrower): the second one throws');
    expect(error.schedule).toContain('· 1 came before');
  });

  it('is reported when an awaiting agent rejects', async () => {
    const error = await failureOf({ ...small, agents: ['rejecter', 'rejecter'] });
    expect(error.message).toContain('agent 1 (rejecter): the second one rejects');
  });

  it('is reported when the invariant does not hold', async () => {
    const check = () => {
      throw new Error('never right');
    };
    const error = await failureOf({ ...small, check });
    expect(error).toMatchObject({ kind: 'invariant' });
    expect(error.message).toContain('never right');
  });

  it('is reported when a schedule never ends', async () => {
    const error = await failureOf({ ...small, agents: ['spinner', 'stepper'], maxSteps: 50 });
    expect(error.kind).toBe('step bound');
    expect(error.message).toContain('not finished after 50 steps');
  });

  it('is reported when an agent never comes back', async () => {
    const error = await failureOf({ ...small, agents: ['endlessLoop'], hangTimeout: 200 });
    expect(error.kind).toBe('hang');
  });

  it('is reported when an agent does something else the next time', async () => {
    const error = await failureOf({ ...small, agents: ['forgetful', 'forgetful'] });
    expect(error.kind).toBe('not deterministic');
  });

  it('is an ordinary error when the module has no such agent', async () => {
    await expect(explore({ ...small, agents: ['nobody'] })).rejects.toThrow(
      "exports no function 'nobody'",
    );
  });
});

describe('kills', () => {
  it('leave a robust lock usable, whenever they come', async () => {
    let abandoned = 0;
    const check = (words: Int32Array, { killed }: { killed: readonly number[] }) => {
      abandoned += words[1] as number;
      // An agent may be killed after it has counted itself.
      expect(words[2]).toBeGreaterThanOrEqual(3 - killed.length);
      const owner = words[0] as number;
      if (owner !== 0) expect(killed).toContain(owner - 1);
    };
    await explore({ ...robust, kills: 1, timeouts: 1, check });
    expect(abandoned).toBeGreaterThan(0);
  });

  it('deadlock a lock that does not look whether its owner is alive', async () => {
    const find = 'if (!this.#agent.isAlive(owner - 1)) {';
    const [outcome] = await sabotage({ ...robust, kills: 1, timeouts: 1, maxSteps: 100 }, [
      { name: 'trusting', find, replace: 'if (owner < 0) {' },
    ]);
    // Time-outs come again and again, and help nobody.
    expect(outcome?.error?.kind).toBe('step bound');
    expect(outcome?.error?.schedule).toContain('· is killed');
  });

  it('run no catch and no finally of the dead before the schedule is over', async () => {
    await explore({
      ...robust,
      agents: ['victim', 'user', 'user'],
      timeouts: 1,
      check: (words, { killed }) => {
        expect(killed).toEqual([0]);
        expect(words[3]).toBe(0);
        expect(words[2]).toBe(2);
      },
    });
  });

  it('are heard of by a reaper, which frees what the dead held', async () => {
    const outcome = await explore(reaped);
    expect(outcome.isComplete).toBe(true);
  });

  it('come between freeing and waking too', async () => {
    const find = '// Even when it held nothing';
    const [outcome] = await sabotage(reaped, [
      {
        name: 'wakes for held locks only',
        find,
        replace: `if (!wasHeld) return false;\n    ${find}`,
      },
    ]);
    expect(outcome?.error?.kind).toBe('deadlock');
  });
});

describe('time', () => {
  const model: Model = { module: fixture('time-agents.js'), agents: ['sleeper'], words: 3 };

  it('never ends a wait unless the model allows it', async () => {
    expect((await failureOf(model)).kind).toBe('deadlock');
    expect((await failureOf({ ...model, agents: ['looker'] })).kind).toBe('deadlock');
  });

  it('ends waits and fires timers where the schedule says so, and moves the clock', async () => {
    const agents = ['sleeper', 'looker', 'clockwork'];
    const check = (words: Int32Array) => expect(words[1]).toBe(1);
    const outcome = await explore({ ...model, agents, timeouts: 2, check });
    expect(outcome.isComplete).toBe(true);
  });

  it('ends a timed waitAsync, and answers at once when the values differ', async () => {
    const outcome = await explore({ ...model, agents: ['awaiter', 'clockwork'], timeouts: 1 });
    expect(outcome.isComplete).toBe(true);
  });
});
