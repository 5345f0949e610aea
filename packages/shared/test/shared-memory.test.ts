import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { inspect } from 'node:util';
import { SharedMemory } from '@multiproc/shared';
import { describe, expect, it, vi } from 'vitest';

const OUT_OF_RANGE = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
const WRONG_TYPE = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
const EXISTS = expect.objectContaining({ code: 'ERR_NAME_EXISTS' });
const NOT_FOUND = expect.objectContaining({ code: 'ERR_NAME_NOT_FOUND' });

describe('SharedMemory', () => {
  it('has a readable name, the size that was asked for, and bytes to write [94]', () => {
    const block = new SharedMemory({ name: 'basics ☃', create: true, size: 512 });
    expect(block.name).toBe('basics ☃');
    expect(block.size).toBe(512);
    block.buf[511] = 255;
    expect(block.buf[511]).toBe(255);
    expect(block.buf.length).toBe(512);
    expect(inspect(block)).toBe("SharedMemory { name: 'basics ☃', size: 512 }");
    block.close();
  });

  it('opened by its name it is the same block, whatever size is given [95]', () => {
    const block = new SharedMemory({ name: 'opened', create: true, size: 4 });
    expect(new SharedMemory({ name: 'opened' })).toBe(block);
    expect(new SharedMemory({ name: 'opened', create: false, size: -5 })).toBe(block);
    block.close();
  });

  it.each([
    ['a negative size', { create: true, size: -1 }, OUT_OF_RANGE],
    ['size 0', { create: true, size: 0 }, OUT_OF_RANGE],
    ['a size that is NaN', { create: true, size: Number.NaN }, OUT_OF_RANGE],
    ['a broken size', { create: true, size: 1.5 }, OUT_OF_RANGE],
    ['no size', { create: true }, WRONG_TYPE],
    ['neither name nor create', {}, WRONG_TYPE],
    ['create in words', { name: 'x', create: 'yes' }, WRONG_TYPE],
    ['a name that is a number', { name: 5, create: true, size: 1 }, WRONG_TYPE],
    ['an empty name', { name: '', create: true, size: 1 }, OUT_OF_RANGE],
    ['a name of 256 characters', { name: 'x'.repeat(256), create: true, size: 1 }, OUT_OF_RANGE],
    ['a NUL in a name to create [99]', { name: 'a\0b', create: true, size: 1 }, OUT_OF_RANGE],
    ['a NUL in a name to open [99]', { name: 'a\0b' }, OUT_OF_RANGE],
    ['no options', undefined, WRONG_TYPE],
    ['options that are a name', 'name', WRONG_TYPE],
  ])('%s is refused [96]', (_, options, error) => {
    expect(() => new SharedMemory(options as never)).toThrow(error);
  });

  it('one that is larger than the arena is refused, and leaves no name', () => {
    const options = { name: 'huge', create: true, size: 2 ** 40 };
    expect(() => new SharedMemory(options)).toThrow(/configure\(\{ arenaSize/);
    expect(() => new SharedMemory({ name: 'huge' })).toThrow(NOT_FOUND);
  });

  it('creating a name again is refused, and the block stays as it was [97]', () => {
    const block = new SharedMemory({ name: 'taken', create: true, size: 4 });
    block.buf[0] = 1;
    expect(() => new SharedMemory({ name: 'taken', create: true, size: 8 })).toThrow(EXISTS);
    expect(block.buf[0]).toBe(1);
    block.close();
  });

  it('opening a name that nobody has is refused, and makes nothing [97]', () => {
    expect(() => new SharedMemory({ name: 'missing' })).toThrow(NOT_FOUND);
    expect(() => new SharedMemory({ name: 'missing' })).toThrow(NOT_FOUND);
  });

  it('unlink takes the name away, once; the block lives until it is closed [97]', () => {
    const block = new SharedMemory({ name: 'unlinked', create: true, size: 4 });
    block.buf[0] = 1;
    block.unlink();
    expect(() => new SharedMemory({ name: 'unlinked' })).toThrow(NOT_FOUND);
    expect(() => block.unlink()).toThrow(NOT_FOUND);
    const next = new SharedMemory({ name: 'unlinked', create: true, size: 4 });
    expect(next).not.toBe(block);
    next.buf[0] = 2;
    expect(block.buf[0]).toBe(1);
    expect(() => block.unlink()).toThrow(NOT_FOUND);
    expect(new SharedMemory({ name: 'unlinked' })).toBe(next);
    expect(SharedMemory.from(block.handle)).toBe(block);
    block.close();
    next.close();
  });

  it('may be unlinked after it was closed, and name and size stay readable', () => {
    const block = new SharedMemory({ name: 'closed first', create: true, size: 4 });
    block.close();
    block.close();
    block.unlink();
    expect(() => block.unlink()).toThrow(NOT_FOUND);
    expect([block.name, block.size]).toEqual(['closed first', 4]);
    expect(() => block.handle).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
  });

  it('closed by the last one it is gone with its name, and that may be created again', () => {
    const block = new SharedMemory({ name: 'again', create: true, size: 4 });
    block.buf[0] = 1;
    block.close();
    // Where `buf` cannot be detached the block lives on until that is collected; without it, it does not.
    const quiet = new SharedMemory({ name: 'quiet', create: true, size: 4 });
    quiet.close();
    expect(() => new SharedMemory({ name: 'quiet' })).toThrow(NOT_FOUND);
    new SharedMemory({ name: 'quiet', create: true, size: 8 }).close();
  });

  it('a random name is made when none is given, and another when that is taken [98]', () => {
    const first = new SharedMemory({ create: true, size: 1 });
    expect(first.name).toMatch(/^psm_[0-9a-f]{8}$/);
    const bytes = Buffer.from(first.name.slice(4), 'hex');
    const random = vi
      .spyOn(crypto, 'randomBytes')
      .mockImplementationOnce(() => bytes)
      .mockImplementationOnce(() => Buffer.from('01020304', 'hex'));
    syncBuiltinESMExports();
    const second = new SharedMemory({ create: true, size: 1 });
    random.mockRestore();
    syncBuiltinESMExports();
    expect(second.name).toBe('psm_01020304');
    first.close();
    second.close();
  });

  it('is found again by its handle', () => {
    const block = new SharedMemory({ create: true, size: 1 });
    expect(SharedMemory.from(JSON.parse(JSON.stringify(block)))).toBe(block);
    block.close();
  });
});
