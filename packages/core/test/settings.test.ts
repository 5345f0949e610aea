import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../src/family/settings.js';
import { MAX_ARENA_BYTES, MIN_ARENA_BYTES, SLAB_BYTES } from '../src/memory/layout.js';

afterEach(() => vi.unstubAllEnvs());

const read = (memory?: string, size?: string) => {
  vi.stubEnv('MULTIPROC_MEMORY', memory);
  vi.stubEnv('MULTIPROC_ARENA_SIZE', size);
  return readSettings({});
};

describe('the settings of a family', () => {
  it('are the best memory there is, and 1 GiB, when nobody says otherwise', () => {
    expect(read()).toEqual({ memory: undefined, slabs: 2 ** 30 / SLAB_BYTES });
    expect(read('', '')).toEqual({ memory: undefined, slabs: 2 ** 30 / SLAB_BYTES });
  });

  it.each([
    ['process', '1048576', 16],
    ['thread', '2e6', 31],
    ['process', '0x100000', 16],
    ['thread', String(MAX_ARENA_BYTES), 32_767],
  ] as const)('are read from the environment: %s, %s', (memory, size, slabs) => {
    expect(read(memory, size)).toEqual({ memory, slabs });
  });

  it.each(['Process', 'shared', 'threads', ' '])('refuse MULTIPROC_MEMORY=%j by name', (value) => {
    expect(() => read(value)).toThrowError(
      /variable MULTIPROC_MEMORY must be 'process' or 'thread'/,
    );
  });

  it.each(['1GiB', '-1', '0', 'NaN', '1000', 'Infinity', '2147483648', '99999999999'])(
    'refuse MULTIPROC_ARENA_SIZE=%s by name, and say what is possible',
    (value) => {
      const message = new RegExp(`MULTIPROC_ARENA_SIZE must be .*${MIN_ARENA_BYTES}.*${value}`);
      expect(() => read(undefined, value)).toThrowError(message);
    },
  );

  it('take options before the environment, each on its own', () => {
    vi.stubEnv('MULTIPROC_MEMORY', 'process');
    vi.stubEnv('MULTIPROC_ARENA_SIZE', '2097152');
    expect(readSettings({ memory: 'thread' })).toEqual({ memory: 'thread', slabs: 32 });
    expect(readSettings({ arenaSize: MIN_ARENA_BYTES })).toEqual({ memory: 'process', slabs: 16 });
  });

  it.each([
    [{ memory: 'both' }, /options.memory must be 'process' or 'thread', but is 'both'/, RangeError],
    [{ arenaSize: '1048576' }, /options.arenaSize must be a number of bytes/, TypeError],
    [{ arenaSize: Number.NaN }, /options.arenaSize .*but is NaN/, RangeError],
    [{ arenaSize: -5 }, /options.arenaSize .*but is -5/, RangeError],
    [{ arenaSize: 2 ** 31 }, /options.arenaSize .*but is 2147483648/, RangeError],
    [null, /options must be an object/, TypeError],
    [[], /options must be an object/, TypeError],
    ['thread', /options must be an object/, TypeError],
  ])('refuse the options %j', (options, message, type) => {
    expect(() => readSettings(options as never)).toThrowError(message);
    expect(() => readSettings(options as never)).toThrowError(type);
  });
});
