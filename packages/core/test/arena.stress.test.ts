import { configure, currentFamily } from '@multiproc/core';
import { reapAll, spawnThread, within } from '@multiproc/testing';
import { afterAll, expect, it } from 'vitest';
import { Ledger } from './fixtures/arena-ledger.js';
import { killMembers, spawnMember } from './fixtures/family-spawn.js';

const ROUNDS = 150_000;
const allocator = new URL('./fixtures/arena-allocator.js', import.meta.url);

afterAll(async () => {
  await killMembers();
  await reapAll();
});

it('two processes and three threads take and free 750 000 times: no block has two owners, none is lost', async () => {
  // Small enough that slabs are retired and reused all the time.
  configure({ arenaSize: 24 * 2 ** 20 });
  const { arena } = currentFamily();
  const ledgers = [1, 2, 3, 4, 5].map((owner) => new Ledger(owner, 40));
  const { used } = arena;
  const agents = ledgers.map((ledger) =>
    ledger.owner <= 2
      ? spawnMember('arena-allocator.js', ledger.order(ROUNDS))
      : spawnThread(allocator, ledger.order(ROUNDS)),
  );
  const ends = await within(60_000, Promise.all(agents.map(({ exited }) => exited)), 'the end');
  expect(ends.map(({ code, error, stderr }) => error ?? (code === 0 ? '' : stderr))).toEqual(
    ends.map(() => ''),
  );
  const blocks = ledgers.flatMap((ledger) => ledger.blocks());
  expect(blocks.length).toBeGreaterThan(50);
  expect(blocks.filter(({ isIntact }) => !isIntact)).toEqual([]);
  for (const ledger of ledgers) ledger.free();
  expect(arena.used).toBe(used - ledgers.length * 384);
});
