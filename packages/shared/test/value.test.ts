import { Lock, RLock } from '@multiproc/lock';
import { RawValue, SharedArray, type TypeCode, Value } from '@multiproc/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const OUT_OF_RANGE = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
const WRONG_TYPE = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });

/** Typecode, kind, bytes, least and greatest value. */
const INTEGERS = [
  ['b', 'i8', 1, -128, 127],
  ['B', 'u8', 1, 0, 255],
  ['h', 'i16', 2, -32_768, 32_767],
  ['H', 'u16', 2, 0, 65_535],
  ['i', 'i32', 4, -2_147_483_648, 2_147_483_647],
  ['I', 'u32', 4, 0, 4_294_967_295],
  ['l', 'i64', 8, -(2n ** 63n), 2n ** 63n - 1n],
  ['L', 'u64', 8, 0n, 2n ** 64n - 1n],
  ['q', 'i64', 8, -(2n ** 63n), 2n ** 63n - 1n],
  ['Q', 'u64', 8, 0n, 2n ** 64n - 1n],
] as const;

describe.each(INTEGERS)('an integer of typecode %s', (code, kind, bytes, least, greatest) => {
  const make = (value?: unknown) => new Value<TypeCode>(code, value as never);
  const one = (typeof least === 'bigint' ? 1n : 1) as never;

  it('has the size of 64-bit Linux, and our own name for it means the same', () => {
    expect(make().typecode).toBe(kind);
    expect(new Value(kind).typecode).toBe(kind);
    expect(new SharedArray<TypeCode>(code, 1).data.BYTES_PER_ELEMENT).toBe(bytes);
  });

  it('is 0 at first, and holds its least and greatest value', () => {
    const value = make();
    expect(value.value).toBe(typeof least === 'bigint' ? 0n : 0);
    value.value = least as never;
    expect(value.value).toBe(least);
    value.value = greatest as never;
    expect(value.value).toBe(greatest);
  });

  it('refuses what would wrap around, everywhere, and stays as it was [266]', () => {
    const value = make(greatest);
    const above = (greatest as number) + (one as number);
    const below = (least as number) - (one as number);
    for (const wrong of [above, below, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => make(wrong)).toThrow(OUT_OF_RANGE);
      expect(() => (value.value = wrong as never)).toThrow(OUT_OF_RANGE);
      expect(() => value.exchange(wrong as never)).toThrow(OUT_OF_RANGE);
      expect(() => value.compareExchange(greatest as never, wrong as never)).toThrow(OUT_OF_RANGE);
    }
    expect(() => value.add(one)).toThrow(/the sum must be/);
    expect(() => value.sub(((least as number) - (one as number)) as never)).toThrow(OUT_OF_RANGE);
    expect(value.value).toBe(greatest);
    value.value = least as never;
    expect(() => value.sub(one)).toThrow(OUT_OF_RANGE);
    expect(value.value).toBe(least);
  });

  it('refuses other types [266]', () => {
    const value = make();
    for (const wrong of ['1', true, null, {}, Symbol('1')]) {
      expect(() => (value.value = wrong as never)).toThrow(WRONG_TYPE);
      expect(() => value.add(wrong as never)).toThrow(WRONG_TYPE);
    }
  });

  it('changes atomically and tells what it was before', () => {
    const value = make(5);
    const number = (n: number) => (typeof least === 'bigint' ? BigInt(n) : n);
    expect(value.add(number(7) as never)).toBe(number(5));
    expect(value.sub(number(2) as never)).toBe(number(12));
    expect(value.exchange(number(3) as never)).toBe(number(10));
    expect(value.compareExchange(number(4) as never, number(9) as never)).toBe(number(3));
    expect(value.compareExchange(number(3) as never, number(9) as never)).toBe(number(3));
    expect(value.value).toBe(number(9));
    value.add(number(-9) as never);
    expect(value.value).toBe(number(0));
  });
});

it('sums are those of arithmetic, or refused: for every start and every delta', () => {
  const value = new RawValue('h');
  const big = new RawValue('q');
  fc.assert(
    fc.property(fc.integer({ min: -32_768, max: 32_767 }), fc.maxSafeInteger(), (start, delta) => {
      value.value = start;
      const isInside = start + delta >= -32_768 && start + delta <= 32_767;
      if (isInside) expect(value.add(delta)).toBe(start);
      else expect(() => value.add(delta)).toThrow(OUT_OF_RANGE);
      expect(value.value).toBe(isInside ? start + delta : start);
    }),
  );
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(), (start, delta) => {
      big.value = start;
      const isInside = BigInt.asIntN(64, start - delta) === start - delta;
      if (isInside) expect(big.sub(delta)).toBe(start);
      else expect(() => big.sub(delta)).toThrow(OUT_OF_RANGE);
      expect(big.value).toBe(isInside ? start - delta : start);
    }),
  );
});

describe('a 64-bit value', () => {
  it('takes safe integers for bigints, and refuses the unsafe ones', () => {
    const value = new Value('q', 7);
    expect(value.value).toBe(7n);
    value.value = Number.MAX_SAFE_INTEGER;
    expect(value.add(1)).toBe(BigInt(Number.MAX_SAFE_INTEGER));
    expect(() => (value.value = 2 ** 53)).toThrow(OUT_OF_RANGE);
    expect(() => value.add(2 ** 53)).toThrow(OUT_OF_RANGE);
    expect(() => value.add(0.5)).toThrow(OUT_OF_RANGE);
  });

  it('smaller ones take no bigints', () => {
    expect(() => new Value('i', 1n as never)).toThrow(WRONG_TYPE);
    expect(() => new Value('i', 1).add(1n as never)).toThrow(WRONG_TYPE);
  });
});

describe('a float', () => {
  it('d holds every number exactly, f rounds to single precision', () => {
    const double = new Value('d');
    const single = new Value('f');
    for (const number of [0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, Number.MAX_VALUE]) {
      double.value = number;
      expect(double.value).toBe(number);
    }
    single.value = 0.1;
    expect(single.value).toBe(Math.fround(0.1));
    expect(() => (single.value = 1e39)).toThrow(OUT_OF_RANGE);
    single.value = Number.POSITIVE_INFINITY;
    expect(single.value).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses other types, and atomic methods with the advice to use update', () => {
    const value = new Value('d', 1);
    expect(() => (value.value = '1' as never)).toThrow(WRONG_TYPE);
    expect(() => (value.value = 1n as never)).toThrow(WRONG_TYPE);
    for (const call of [
      () => value.add(1),
      () => value.sub(1),
      () => value.exchange(1),
      () => value.compareExchange(1, 2),
    ]) {
      expect(call).toThrow(/atomic without the lock .*update\(fn\)/);
    }
    expect(value.value).toBe(1);
  });

  it('changes under the lock by update, awaiting and blocking', async () => {
    const value = new Value('d', 1);
    expect(await value.update(async (number) => number + 0.5)).toBe(1.5);
    expect(value.updateSync((number) => number * 2)).toBe(3);
    await Promise.all(
      Array.from({ length: 50 }, () => value.update(async (number) => (await number) + 1)),
    );
    expect(value.value).toBe(53);
  });

  it('is unchanged, and the lock free, when the function throws or its result is wrong', async () => {
    const value = new Value('d', 1);
    const failing = () => {
      throw new Error('no');
    };
    await expect(value.update(failing)).rejects.toThrow('no');
    expect(() => value.updateSync(failing)).toThrow('no');
    await expect(value.update(() => 'x' as never)).rejects.toThrow(TypeError);
    await expect(value.update(5 as never)).rejects.toThrow(/fn must be a function/);
    expect(() => value.updateSync(5 as never)).toThrow(/fn must be a function/);
    expect(value.value).toBe(1);
    expect(value.getLock().locked()).toBe(false);
  });

  it('updateSync gives up after its time-out', async () => {
    const value = new Value('d', 1, { lock: new Lock() });
    const hold = value.acquireSync();
    expect(() => value.updateSync((number) => number, { timeout: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_TIMEOUT' }),
    );
    hold.release();
  });
});

describe('a character', () => {
  it('c is one byte, given as bytes, a string or a number', () => {
    const value = new Value('c', 'a');
    expect(value.value).toEqual(Buffer.from('a'));
    value.value = Buffer.from([255]);
    expect(value.value[0]).toBe(255);
    value.value = 7;
    expect(value.exchange('z')).toEqual(Buffer.from([7]));
    expect(new Value('c').value).toEqual(Buffer.from([0]));
    for (const wrong of ['', 'ab', 'é', Buffer.from('ab'), 256]) {
      expect(() => (value.value = wrong)).toThrow(OUT_OF_RANGE);
    }
    expect(() => (value.value = true as never)).toThrow(WRONG_TYPE);
    expect(() => value.add(1)).toThrow(WRONG_TYPE);
  });

  it('u is one character of any plane', () => {
    const value = new Value('u', '😀');
    expect(value.value).toBe('😀');
    expect(value.compareExchange('😀', 'x')).toBe('😀');
    expect(value.value).toBe('x');
    for (const wrong of ['', 'xy', 'e\u0301']) {
      expect(() => (value.value = wrong)).toThrow(OUT_OF_RANGE);
    }
    expect(() => (value.value = 5 as never)).toThrow(WRONG_TYPE);
  });
});

describe('the lock of a value', () => {
  it('is an RLock of its own by default, the given one, or none [87]', () => {
    const lock = new Lock();
    expect(new Value('i').getLock()).toBeInstanceOf(RLock);
    expect(new Value('i', 0, { lock: true }).getLock()).toBeInstanceOf(RLock);
    expect(new Value('i', 0, { lock }).getLock()).toBe(lock);
    const value = new Value('i');
    expect(value.getLock()).toBe(value.getLock());
    expect(value.getLock()).not.toBe(new Value('i').getLock());
  });

  it.each([
    ['a Value made with lock: false', () => new Value('d', 1, { lock: false })],
    ['a RawValue', () => new RawValue('d', 1)],
  ])('%s has none, and says how to get one', async (_, make) => {
    const value = make();
    const noLock = expect.objectContaining({ code: 'ERR_NO_LOCK' });
    expect(() => value.getLock()).toThrow(noLock);
    expect(() => value.acquireSync()).toThrow(noLock);
    expect(() => value.release()).toThrow(noLock);
    expect(() => value.updateSync((number) => number)).toThrow(noLock);
    await expect(value.acquire()).rejects.toEqual(noLock);
    await expect(value.update((number) => number)).rejects.toEqual(noLock);
    await expect(value.runExclusive(() => {})).rejects.toEqual(noLock);
    expect(value.value).toBe(1);
  });

  it('must be a lock or a boolean, and one that is not disposed [87]', () => {
    for (const wrong of [1, 'lock', {}, null]) {
      expect(() => new Value('i', 0, { lock: wrong as never })).toThrow(/options\.lock must be/);
    }
    const disposed = new Lock();
    disposed[Symbol.dispose]();
    expect(() => new Value('i', 0, { lock: disposed })).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
  });

  it('is not taken by single accesses', () => {
    const value = new Value('i', 1, { lock: new Lock() });
    const hold = value.acquireSync();
    value.value += 1;
    expect(value.value).toBe(2);
    expect(value.add(1)).toBe(2);
    hold.release();
  });
});

describe('a named value', () => {
  it('is the same object, whatever the initial value and lock', () => {
    const value = new Value('i', 1, { name: 'one' });
    expect(new Value('i32', 5, { name: 'one', lock: false })).toBe(value);
    expect(value.value).toBe(1);
    expect(new RawValue('i', 5, { name: 'one' }).value).toBe(5);
    value[Symbol.dispose]();
    expect(new Value('i', 5, { name: 'one' }).value).toBe(5);
  });

  it('is refused to who wants another type', () => {
    const value = new Value('i', 1, { name: 'two' });
    expect(() => new Value('d', 1, { name: 'two' })).toThrow(/'i32', as the Value named 'two'/);
    expect(value.value).toBe(1);
  });
});

describe('a value', () => {
  it('copies are independent, with their own lock [92]', () => {
    const value = new Value('i', 1);
    const copy = value.copy();
    copy.value = 2;
    expect([value.value, copy.value]).toEqual([1, 2]);
    expect(copy.getLock()).not.toBe(value.getLock());
    expect(value.copy({ lock: value.getLock() as RLock }).getLock()).toBe(value.getLock());
    expect(new RawValue('c', 'x').copy()).toBeInstanceOf(RawValue);
    expect(new RawValue('c', 'x').copy().value.toString()).toBe('x');
  });

  it('is found again by its handle, under its own type only', () => {
    const value = new Value('i', 1);
    expect(Value.from(JSON.parse(JSON.stringify(value)))).toBe(value);
    const raw = new RawValue('i', 1);
    expect(RawValue.from(raw.handle)).toBe(raw);
    expect(() => RawValue.from(value.handle)).toThrow(
      expect.objectContaining({ code: 'ERR_HANDLE' }),
    );
  });

  it.each([
    ['a typecode that does not exist', () => new Value('w' as never), OUT_OF_RANGE],
    ['a typecode of an object', () => new Value('toString' as never), OUT_OF_RANGE],
    ['a typecode that is no string', () => new Value(5 as never), WRONG_TYPE],
    ['options that are null', () => new Value('i', 0, null as never), WRONG_TYPE],
    ['raw options that are null', () => new RawValue('i', 0, null as never), WRONG_TYPE],
    ['a name that is no string', () => new Value('i', 0, { name: 5 as never }), WRONG_TYPE],
  ])('%s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
