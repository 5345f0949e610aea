import { currentFamily } from '@multiproc/core';
import { SeededRandom, within } from '@multiproc/testing';
import { afterAll, expect, it } from 'vitest';
import { OBJECT } from '../src/objects/object-layout.js';
import { Cell } from './fixtures/family-cell.js';
import { killMembers, spawnMember } from './fixtures/family-spawn.js';

const KILLS = 100;
const AT_ONCE = 4;

afterAll(killMembers);

const wordOf = (word: number, { handle }: Cell) =>
  Atomics.load(currentFamily().memory.words, handle.offset / 4 + word);

it(`${KILLS} kills of holders: no object is freed that a living agent refers to, and one count leaks at the most for each`, async () => {
  const { reaper, table, agent } = currentFamily();
  const random = new SeededRandom('reference kills');
  const cells = Array.from({ length: 12 }, () => new Cell());
  const handles = cells.map(({ handle }) => handle);
  let kills = 0;
  const keepKilling = async () => {
    while (kills < KILLS) {
      kills++;
      const victim = spawnMember('agents-attacher.js', handles, 'hurry');
      await victim.line('attached');
      await new Promise((resolve) => setTimeout(resolve, random.integer(0, 10)));
      await victim.kill();
      if (random.chance(0.5)) reaper.sweep();
      expect(cells.map((cell) => wordOf(OBJECT.SERIAL, cell))).toEqual(
        handles.map(({ serial }) => serial),
      );
      expect(victim.stderr).toBe('');
    }
  };
  await within(150_000, Promise.all(Array.from({ length: AT_ONCE }, keepKilling)), 'the last kill');
  reaper.sweep();
  expect([...table.tenants()]).toEqual([agent.id]);
  // Those that died since the last look have kept their places until it.
  expect(table.high).toBeLessThanOrEqual(32);
  const leaks = cells.map((cell) => wordOf(OBJECT.COUNT, cell) - 1);
  expect(Math.min(...leaks)).toBeGreaterThanOrEqual(0);
  expect(leaks.reduce((sum, leak) => sum + leak, 0)).toBeLessThanOrEqual(kills);
  // Not left to the collector, which would give them back while the next test counts bytes.
  for (const cell of cells) cell[Symbol.dispose]();
});

it('what only a killed process referred to is freed when it is reaped, exactly', async () => {
  const { reaper, arena } = currentFamily();
  for (let round = 0; round < 10; round++) {
    const { used } = arena;
    const cells = Array.from({ length: 20 }, () => new Cell());
    const handles = cells.map(({ handle }) => handle);
    const [one, two] = [1, 2].map(() => spawnMember('agents-attacher.js', handles, 'wait'));
    if (!one || !two) throw new Error('two were started');
    await Promise.all([one.line('attached'), two.line('attached')]);
    for (const cell of cells) cell[Symbol.dispose]();
    await one.kill();
    reaper.sweep();
    const again = handles.map((handle) => Cell.from(handle));
    for (const cell of again) cell[Symbol.dispose]();
    await two.kill();
    reaper.sweep();
    for (const handle of handles) expect(() => Cell.from(handle)).toThrowError(/has been freed/);
    expect(arena.used).toBe(used);
  }
});
