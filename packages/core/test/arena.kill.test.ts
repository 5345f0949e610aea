import { configure, currentFamily } from '@multiproc/core';
import { reapAll, SeededRandom, type Spawned, spawnThread, within } from '@multiproc/testing';
import { afterAll, expect, it } from 'vitest';
import { Ledger } from './fixtures/arena-ledger.js';
import { killMembers, spawnMember } from './fixtures/family-spawn.js';

const KILLS = 100;
const AT_ONCE = 3;
/** Largest block that the allocator asks for, as the arena rounds it. */
const LARGEST = 4 * 65_536;
const allocator = new URL('./fixtures/arena-allocator.js', import.meta.url);

afterAll(async () => {
  await killMembers();
  await reapAll();
});

async function start(ledger: Ledger, asThread: boolean): Promise<Spawned> {
  const order = ledger.order(2 ** 30);
  if (!asThread) {
    const member = spawnMember('arena-allocator.js', order);
    await member.line('ready');
    return member;
  }
  const thread = spawnThread(allocator, order);
  await thread.message();
  return thread;
}

it(`${KILLS} kills of allocating processes and threads: every block of theirs is intact, one leaks at the most for each`, async () => {
  configure({ arenaSize: 128 * 2 ** 20 });
  const { arena, table, agent, reaper } = currentFamily();
  const random = new SeededRandom('arena kills');
  const before = arena.used;
  let kills = 0;
  let listed = 0;
  const keepKilling = async () => {
    while (kills < KILLS) {
      const ledger = new Ledger(++kills, 24);
      const victim = await start(ledger, random.chance(0.6));
      await new Promise((resolve) => setTimeout(resolve, random.integer(0, 12)));
      await victim.kill('SIGKILL');
      const blocks = ledger.blocks();
      listed += blocks.length;
      expect(blocks.filter(({ isIntact }) => !isIntact)).toEqual([]);
      ledger.free();
    }
  };
  const killers = Array.from({ length: AT_ONCE }, keepKilling);
  await within(150_000, Promise.all(killers), 'the last kill');
  expect(listed).toBeGreaterThan(KILLS);
  expect(arena.used - before).toBeLessThanOrEqual(kills * LARGEST);
  reaper.sweep();
  expect([...table.tenants()]).toEqual([agent.id]);
  // Whatever the dead were doing, the arena still works, to the last byte that is left.
  const left = arena.capacity - arena.used - 2 ** 22;
  const rest = Array.from({ length: Math.floor(left / 2 ** 18) - 16 }, () =>
    arena.allocate(2 ** 17),
  );
  expect(new Set(rest).size).toBe(rest.length);
});
