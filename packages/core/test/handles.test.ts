import { attach, currentFamily, type HandleError, isMultiprocError } from '@multiproc/core';
import { afterAll, describe, expect, it } from 'vitest';
import { HEADER } from '../src/memory/layout.js';
import { Cell, Other } from './fixtures/family-cell.js';
import { killMembers, runRoot, spawnMember } from './fixtures/family-spawn.js';

afterAll(killMembers);

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(isMultiprocError(error, 'ERR_HANDLE')).toBe(true);
    return (error as HandleError).message;
  }
  throw new Error('was not refused');
}

describe('a handle', () => {
  it('is plain data that survives JSON and structuredClone', () => {
    const cell = new Cell();
    const { handle } = cell;
    expect(JSON.parse(JSON.stringify(cell))).toEqual(handle);
    expect(structuredClone(handle)).toEqual(handle);
    expect(Object.keys(handle).sort()).toEqual(['family', 'offset', 'serial', 'type']);
    expect(handle.family).toMatch(/^[0-9a-f]{16}$/);
  });

  it('leads to the same JavaScript object each time', () => {
    const cell = new Cell();
    expect(Cell.from(cell.handle)).toBe(cell);
    expect(Cell.from(JSON.parse(JSON.stringify(cell)))).toBe(cell);
  });

  it('leads another process to the same shared object, and there to one JavaScript object', async () => {
    const cell = new Cell();
    cell.add(0, 41);
    const member = spawnMember('family-attach.js', cell.handle);
    expect(JSON.parse(await member.line('{'))).toEqual({ value: 42, same: true });
    expect((await member.exited).code).toBe(0);
    expect(cell.get(0)).toBe(42);
  });

  it('of another family is refused, naming both', () => {
    const { handle } = new Cell();
    const message = refusal(() => Cell.from({ ...handle, family: '0123456789abcdef' }));
    expect(message).toContain('0123456789abcdef');
    expect(message).toContain(handle.family);
    expect(message).toContain('Import multiproc before you start a worker of your own');
    expect(message).toContain('familyEnv()');
  });

  it('of another type than expected is refused, naming both', () => {
    const { handle } = new Other();
    expect(refusal(() => Cell.from(handle))).toMatch(/is a Other, where a Cell is expected/);
  });

  it('whose type was altered is refused, whether the object is known here or not', async () => {
    const cell = new Cell();
    const altered = { ...cell.handle, type: 'Other' };
    expect(refusal(() => attach(altered, 'Other'))).toMatch(/not a Other.*altered/);
    const member = spawnMember('family-altered.js', altered);
    expect(await member.line('ERR')).toMatch(/ERR_HANDLE.*altered/);
    // Until here it must not be collected: a freed object is refused for another reason.
    cell[Symbol.dispose]();
  });

  it('of a type that nobody has registered is refused, saying what to import', () => {
    const { handle } = new Cell();
    expect(refusal(() => attach({ ...handle, type: 'Turnip' }))).toMatch(/import the package/);
  });

  it('of a freed object is refused, and still is when another object lies there', () => {
    const cell = new Cell();
    const { handle } = cell;
    cell[Symbol.dispose]();
    expect(refusal(() => Cell.from(handle))).toMatch(/has been freed.*does not keep/);
    const next = Array.from({ length: 50 }, () => new Cell());
    expect(next.map(({ handle: { offset } }) => offset)).toContain(handle.offset);
    expect(refusal(() => Cell.from(handle))).toMatch(/has been freed/);
  });

  it('whose offset or serial was altered is refused', () => {
    const { handle } = new Cell();
    const { offset, serial } = handle;
    const wrong = [
      ...[0, -64, 4096, offset + 64, offset + 1, 2 ** 31, 2 ** 40].map((other) => ({
        ...handle,
        offset: other,
      })),
      ...[0, -1, serial + 1, serial + 2 ** 32].map((other) => ({ ...handle, serial: other })),
    ];
    for (const one of wrong) expect(refusal(() => Cell.from(one))).toMatch(/has been freed/);
  });

  it.each([
    undefined,
    null,
    7,
    'Cell',
    [],
    {},
    { family: 1, type: 'Cell', offset: 0, serial: 0 },
    { family: 'x', type: 'Cell', offset: 0.5, serial: 1 },
    { family: 'x', type: 'Cell', offset: 64, serial: Number.NaN },
  ])('must be a handle: %j is none', (value) => {
    expect(() => Cell.from(value)).toThrowError(/handle.*must be the `handle` of a shared object/);
    expect(() => Cell.from(value)).toThrowError(TypeError);
  });
});

describe('disposing an object', () => {
  it('gives its block back, once', () => {
    const { arena } = currentFamily();
    const cells = Array.from({ length: 300 }, () => new Cell());
    const { used } = arena;
    for (const cell of cells) {
      cell[Symbol.dispose]();
      cell[Symbol.dispose]();
    }
    expect(arena.used).toBe(used - 300 * 128);
  });

  it('makes it unusable', () => {
    const cell = new Cell();
    cell[Symbol.dispose]();
    expect(() => cell.get(0)).toThrowError(/this Cell has been disposed/);
  });

  it('is refused while this agent uses it, and changes nothing then', () => {
    const cell = new Cell();
    cell.inUse = 'it is being tested';
    expect(() => cell[Symbol.dispose]()).toThrowError(/cannot be disposed: it is being tested/);
    expect(cell.add(0)).toBe(1);
    cell.inUse = undefined;
    cell[Symbol.dispose]();
    expect(() => cell.get(0)).toThrowError(/disposed/);
  });

  it('in one process leaves it to the others', async () => {
    const cell = new Cell();
    const { handle } = cell;
    const member = spawnMember('family-keeper.js', handle);
    await member.line('attached');
    cell[Symbol.dispose]();
    const again = Cell.from(handle);
    expect(again).not.toBe(cell);
    expect(again.add(0)).toBe(1);
    again[Symbol.dispose]();
    member.write('\n');
    expect((await member.exited).code).toBe(0);
    expect(() => Cell.from(handle)).toThrowError(/has been freed/);
  });
});

it('an object that was collected gives its block back, and one attached again since keeps it', async () => {
  const result = await runRoot<Record<string, unknown>>('family-collected.js', [], {
    execArgv: ['--expose-gc'],
  });
  expect(result).toEqual({ collected: 1000, leaked: 0, reattached: 20, areFresh: true });
});

it('an arena of another layout is refused, naming both versions', async () => {
  const words = currentFamily().memory.words;
  const version = words[HEADER.VERSION] as number;
  words[HEADER.VERSION] = version + 1;
  const member = spawnMember('family-keeper.js', new Cell().handle);
  const { code, stderr } = await member.exited;
  words[HEADER.VERSION] = version;
  expect(code).not.toBe(0);
  expect(stderr).toContain(`has layout ${version + 1}`);
  expect(stderr).toContain(`understands layout ${version}`);
  expect(stderr).toContain('install one version of @multiproc/core');
});
