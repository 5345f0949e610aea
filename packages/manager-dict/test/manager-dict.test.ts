import { inspect } from 'node:util';
import { currentFamily } from '@multiproc/core';
import { Lock } from '@multiproc/lock';
import { type DictKey, ManagerDict } from '@multiproc/manager-dict';
import { describe, expect, it } from 'vitest';

const deadlock = expect.objectContaining({ code: 'ERR_DEADLOCK' });

describe('as a Map', () => {
  it('gets what was set, and undefined for anything else [139]', () => {
    const dict = new ManagerDict<string, unknown>();
    expect(dict.set('a', 1).set('b', undefined).size).toBe(2);
    expect([dict.get('a'), dict.get('b'), dict.get('c')]).toEqual([1, undefined, undefined]);
    expect([dict.has('a'), dict.has('b'), dict.has('c')]).toEqual([true, true, false]);
    expect([dict.delete('a'), dict.delete('a'), dict.size]).toEqual([true, false, 1]);
  });

  it('iterates in the order of insertion; an update keeps the place, a new insertion does not', () => {
    const dict = new ManagerDict([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    dict.set('a', 4).delete('b');
    dict.set('b', 5);
    expect([...dict]).toEqual([
      ['a', 4],
      ['c', 3],
      ['b', 5],
    ]);
    expect([...dict.keys()]).toEqual(['a', 'c', 'b']);
    expect([...dict.values()]).toEqual([4, 3, 5]);
    const seen: unknown[] = [];
    dict.forEach((value, key, self) => {
      seen.push(key, value, self === dict);
    });
    expect(seen).toEqual(['a', 4, true, 'c', 3, true, 'b', 5, true]);
    expect(Object.prototype.toString.call(dict)).toBe('[object ManagerDict]');
  });

  it('an iterator sees what is added, deleted and cleared on the way, as that of a Map', () => {
    for (const make of [() => new ManagerDict<number, number>(), () => new Map<number, number>()]) {
      const dict = make();
      for (let key = 0; key < 6; key++) dict.set(key, key);
      const seen: number[] = [];
      for (const key of dict.keys()) {
        seen.push(key);
        if (key === 1) dict.delete(2);
        if (key === 3) dict.set(100, 1);
        if (key === 4) dict.delete(0);
        if (key === 100) dict.clear();
        if (key === 100) dict.set(200, 1);
      }
      expect(seen).toEqual([0, 1, 3, 4, 5, 100, 200]);
    }
  });

  it('an iterator goes on through compactions, without missing or doubling a key', () => {
    const dict = new ManagerDict<number, number>();
    for (let key = 0; key < 5_000; key++) dict.set(key, key);
    const seen: number[] = [];
    for (const key of dict.keys()) {
      seen.push(key);
      // Deletes four of five keys behind the iterator's back: several compactions.
      if (key % 500 === 0) {
        for (let gone = key + 1; gone < key + 500; gone++) if (gone % 5 !== 0) dict.delete(gone);
      }
    }
    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, i) => i * 5));
    expect(dict.size).toBe(1_000);
  });
});

describe('keys', () => {
  const KEYS: DictKey[] = [
    '',
    'a',
    '键',
    '\u{1f600}',
    '\ud800',
    '\udc00',
    '\ud800\ud801',
    'é',
    'x'.repeat(2 ** 20),
    '漢'.repeat(2 ** 19),
    0,
    1,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    '1',
    1n,
    -1n,
    2n ** 70n,
    -(2n ** 70n),
    true,
    false,
    null,
    undefined,
    'null',
    'undefined',
    [],
    [[]],
    ['a', 1],
    ['a1'],
    ['a', '1'],
    [1, [2, [null, undefined, true, 3n]]],
    ['\ud800', '键'],
    [Number.NaN],
    ['a1:', 's'],
  ];

  it('are compared by value: each is found, none is another', () => {
    const dict = new ManagerDict<DictKey, number>();
    for (const [index, key] of KEYS.entries()) dict.set(key, index);
    expect(dict.size).toBe(KEYS.length);
    for (const [index, key] of KEYS.entries()) expect(dict.get(structuredClone(key))).toBe(index);
    expect([...dict.keys()]).toEqual(KEYS);
    for (const key of KEYS) expect(dict.delete(structuredClone(key))).toBe(true);
    expect(dict.size).toBe(0);
  });

  it('-0 is 0 and NaN is NaN, as in a Map, in arrays too', () => {
    const dict = new ManagerDict<DictKey, string>([
      [-0, 'zero'],
      [[-0, Number.NaN], 'array'],
    ]);
    expect(dict.get(0)).toBe('zero');
    expect(dict.get([0, Number.NaN])).toBe('array');
    expect(Object.is([...dict.keys()][0], 0)).toBe(true);
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each([
    ['an object', {}],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a Date', new Date(0)],
    ['an array with an object', [1, {}]],
    ['an array with holes', new Array(2)],
    ['an array with a named property', Object.assign([1], { extra: 1 })],
    ['an array of a class of its own', new (class extends Array {})()],
    ['an array that contains itself', cyclic],
  ])('refuses %s, and changes nothing', (_, key) => {
    const dict = new ManagerDict<never, number>();
    const refused = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(() => dict.set(key as never, 1)).toThrow(refused);
    expect(() => dict.get(key as never)).toThrow(refused);
    expect(() => dict.delete(key as never)).toThrow(/compared by value/);
    expect(dict.size).toBe(0);
  });
});

describe('values', () => {
  it('are copies, frozen through and through', () => {
    const dict = new ManagerDict<string, { list: { n: number }[]; bytes: Uint8Array }>();
    const value = { list: [{ n: 1 }], bytes: new Uint8Array([1]) };
    dict.set('a', value);
    value.list.push({ n: 2 });
    const read = dict.get('a') as typeof value;
    expect(read).toEqual({ list: [{ n: 1 }], bytes: new Uint8Array([1]) });
    expect(() => read.list.push({ n: 3 })).toThrow(TypeError);
    expect(() => {
      (read.list[0] as { n: number }).n = 2;
    }).toThrow(TypeError);
    read.bytes[0] = 9;
    expect(dict.get('a')?.bytes[0]).toBe(1);
  });

  it('are not frozen with freeze: false', () => {
    const dict = new ManagerDict<string, number[]>([['a', [1]]], { freeze: false });
    expect(dict.get('a')?.push(2)).toBe(2);
    expect(dict.get('a')).toEqual([1]);
    expect(ManagerDict.from<string, number[]>(dict.handle).get('a')?.push(2)).toBe(2);
  });

  it('a cyclic or deeply nested value is frozen too', () => {
    const dict = new ManagerDict<string, unknown>({ freeze: true });
    const ring: { self?: object } = {};
    ring.self = ring;
    dict.set('ring', ring);
    const read = dict.get('ring') as typeof ring;
    expect([read.self === read, Object.isFrozen(read)]).toEqual([true, true]);
    let deep: unknown[] = [];
    for (let level = 0; level < 10_000; level++) deep = [deep];
    dict.set('deep', deep);
    expect(Object.isFrozen((dict.get('deep') as unknown[])[0])).toBe(true);
  });

  it('a Map, an error, a large text, a Date and null come back as they went', () => {
    const dict = new ManagerDict<string, unknown>();
    const text = 'é漢'.repeat(10_000);
    const values = [new Map([[1, { a: 1 }]]), new RangeError('no'), text, new Date(5), null];
    for (const value of values) {
      dict.set('v', value);
      expect(dict.get('v')).toEqual(value);
      expect([...dict.values()]).toEqual([value]);
    }
  });

  it('what cannot travel is refused with its path, and nothing changes', () => {
    const dict = new ManagerDict<string, unknown>([['a', 1]]);
    expect(() => dict.set('a', { deep: [() => 1] })).toThrow(
      expect.objectContaining({ code: 'ERR_ENCODE', path: 'value.deep[0]' }),
    );
    expect(dict.get('a')).toBe(1);
  });

  it('shared objects are stored live, and stay alive in here [140]', () => {
    const outer = new ManagerDict<string, ManagerDict | Lock | { locks: Lock[] }>();
    const { offset } = (() => {
      const inner = new ManagerDict<string, number>([['n', 1]]);
      outer.set('inner', inner as ManagerDict);
      const { handle } = inner;
      inner[Symbol.dispose]();
      return handle;
    })();
    const again = outer.get('inner') as ManagerDict<string, number>;
    expect(again.handle.offset).toBe(offset);
    again.set('n', 2);
    expect((outer.get('inner') as typeof again).get('n')).toBe(2);
    const lock = new Lock();
    outer.set('lock', { locks: [lock] });
    expect((outer.get('lock') as { locks: Lock[] }).locks[0]).toBe(lock);
    outer.clear();
    expect(again.get('n')).toBe(2);
  });
});

describe("Python's methods", () => {
  it('pop, popitem, setdefault, update, items, copy, fromkeys [139, 145]', () => {
    const dict = ManagerDict.fromkeys<string, number | null>(['a', 'b'], 0);
    expect(dict.pop('a')).toBe(0);
    expect(dict.pop('a', 7)).toBe(7);
    expect(() => dict.pop('a')).toThrow(expect.objectContaining({ code: 'ERR_KEY_NOT_FOUND' }));
    expect([dict.setdefault('b', 5), dict.setdefault('c', 6)]).toEqual([0, 6]);
    dict.update({ d: 8 });
    dict.update([['e', 9]]);
    expect(dict.items()).toEqual([
      ['b', 0],
      ['c', 6],
      ['d', 8],
      ['e', 9],
    ]);
    expect(dict.copy()).toEqual(new Map(dict.items()));
    expect(dict.popitem()).toEqual(['e', 9]);
    dict.clear();
    expect(() => dict.popitem()).toThrow(expect.objectContaining({ code: 'ERR_KEY_NOT_FOUND' }));
    expect(ManagerDict.fromkeys(['x']).get('x')).toBeNull();
  });

  it('getMany and setMany', () => {
    const dict = new ManagerDict<string, number>();
    dict.setMany(new Map([['a', 1]]));
    expect(dict.getMany(['a', 'b'])).toEqual([1, undefined]);
    expect(() =>
      dict.setMany([
        ['b', 2],
        ['c', Symbol() as never],
      ]),
    ).toThrow();
    expect(dict.size).toBe(1);
  });
});

describe('atomic changes', () => {
  it('increment adds numbers and bigints, and refuses to mix', () => {
    const dict = new ManagerDict<string, number | bigint | string>([['s', 'text']]);
    expect([dict.increment('a'), dict.increment('a', 2.5), dict.increment('b', 2n)]).toEqual([
      1,
      3.5,
      2n,
    ]);
    const refused = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(() => dict.increment('s')).toThrow(refused);
    expect(() => dict.increment('a', 1n)).toThrow(refused);
    expect(() => dict.increment('a', '1' as never)).toThrow(refused);
    expect(dict.get('a')).toBe(3.5);
  });

  it('compareAndSet stores only what was expected, objects by their content', () => {
    const dict = new ManagerDict<string, unknown>();
    expect(dict.compareAndSet('a', 1, 2)).toBe(false);
    expect(dict.compareAndSet('a', undefined, { x: [1] })).toBe(true);
    expect(dict.compareAndSet('a', 'x', 2)).toBe(false);
    expect(dict.compareAndSet('a', { x: [2] }, 2)).toBe(false);
    expect(dict.compareAndSet('a', { x: [1] }, Number.NaN)).toBe(true);
    expect(dict.compareAndSet('a', Number.NaN, 3)).toBe(true);
    expect(dict.get('a')).toBe(3);
  });

  it('compute stores what the function gives, and deletes on undefined', async () => {
    const dict = new ManagerDict<string, number>();
    expect(await dict.compute('a', (value) => (value ?? 0) + 1)).toBe(1);
    expect(await dict.compute('a', async (value) => (value ?? 0) + 1)).toBe(2);
    expect(dict.computeSync('a', () => undefined)).toBeUndefined();
    expect(dict.has('a')).toBe(false);
    expect(dict.computeSync('b', () => undefined)).toBeUndefined();
    expect([...dict]).toEqual([]);
  });

  it('a function that throws leaves the key as it was, and free', async () => {
    const dict = new ManagerDict<string, number>([['a', 1]]);
    const fail = () => {
      throw new Error('inside');
    };
    await expect(dict.compute('a', fail)).rejects.toThrow('inside');
    await expect(dict.compute('b', fail)).rejects.toThrow('inside');
    expect(() => dict.computeSync('a', fail)).toThrow('inside');
    await expect(dict.compute('a', () => Symbol() as never)).rejects.toMatchObject({
      code: 'ERR_ENCODE',
    });
    expect(dict.set('a', 2).set('b', 3).items()).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
  });

  it('computing flows of one agent come one after the other, and other keys are free', async () => {
    const dict = new ManagerDict<string, number>();
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const first = dict.compute('a', async () => {
      await gate;
      return 1;
    });
    const others = [2, 3].map((n) => dict.compute('a', (value) => (value as number) * 10 + n));
    await dict.compute('b', () => 5);
    expect(dict.get('a')).toBeUndefined();
    expect(dict.has('a')).toBe(false);
    expect(dict.size).toBe(1);
    expect(() => dict.set('a', 9)).toThrow(deadlock);
    expect(() => dict.computeSync('a', () => 9)).toThrow(deadlock);
    expect(() => dict.clear()).toThrow(deadlock);
    await expect(dict.compute('a', () => 9, { timeout: 5 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    });
    expect(() => dict[Symbol.dispose]()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    go();
    expect(await Promise.all([first, ...others])).toEqual([1, 12, 123]);
    // The key came after `b`, when it was stored.
    expect([...dict]).toEqual([
      ['b', 5],
      ['a', 123],
    ]);
  });

  it('waiting for the key that the caller computes throws instead of hanging', async () => {
    const dict = new ManagerDict<string, number>();
    await expect(dict.compute('a', () => dict.compute('a', () => 1))).rejects.toThrow(deadlock);
    expect(() => dict.computeSync('a', () => dict.computeSync('a', () => 1))).toThrow(deadlock);
    await dict.compute('a', async () => {
      await dict.compute('b', () => 1);
      await expect(dict.getOrSet('a', () => 1)).rejects.toThrow(deadlock);
      return 2;
    });
    let inner: Promise<unknown> | undefined;
    dict.computeSync('a', () => {
      inner = dict.compute('a', () => 1);
      return 3;
    });
    await expect(inner).rejects.toThrow(deadlock);
    expect(dict.copy()).toEqual(
      new Map([
        ['b', 1],
        ['a', 3],
      ]),
    );
  });

  it('getOrSet computes a value once', async () => {
    const dict = new ManagerDict<string, number>();
    let calls = 0;
    const fn = async () => ++calls;
    expect(await Promise.all([dict.getOrSet('a', fn), dict.getOrSet('a', fn)])).toEqual([1, 1]);
    expect([dict.getOrSetSync('a', () => 5), dict.getOrSetSync('b', () => 6), calls]).toEqual([
      1, 6, 1,
    ]);
  });

  it('waitFor gives the value that suits, when it comes', async () => {
    const dict = new ManagerDict<string, number>();
    const five = dict.waitFor('a', (value) => value === 5);
    const there = dict.waitFor('a');
    dict.set('a', 1);
    expect(await there).toBe(1);
    dict.set('a', 5);
    expect(await five).toBe(5);
    expect(dict.waitForSync('a', (value) => value === 5)).toBe(5);
    await expect(dict.waitFor('b', undefined, { timeout: 5 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    });
    expect(() => dict.waitForSync('b', undefined, { timeout: 0 })).toThrow();
    const reason = new Error('enough');
    const controller = new AbortController();
    const aborted = dict.waitFor('b', undefined, { signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await expect(
      dict.waitFor('b', () => {
        throw new Error('in the predicate');
      }),
    ).rejects.toThrow('in the predicate');
  });
});

describe('the object', () => {
  it('shows its content in the console, and its handle in JSON', () => {
    const dict = new ManagerDict<string, unknown>([
      ['a', 1],
      ['b', { c: [1] }],
    ]);
    expect(inspect(dict)).toBe("ManagerDict(2) { 'a' => 1, 'b' => { c: [ 1 ] } }");
    expect(inspect(dict, { maxArrayLength: 1 })).toBe("ManagerDict(2) { 'a' => 1, ... 1 more }");
    expect(inspect({ x: { y: { dict } } })).toContain('[ManagerDict]');
    expect(ManagerDict.from(JSON.parse(JSON.stringify(dict)))).toBe(dict);
    dict[Symbol.dispose]();
    expect(inspect(dict)).toContain('disposed');
    expect(() => dict.get('a')).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    expect(() => [...dict]).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
  });

  it('is the same object under the same name; the first one fills it', () => {
    const one = new ManagerDict([['a', 1]], { name: 'scores' });
    expect(new ManagerDict([['a', 2]], { name: 'scores' })).toBe(one);
    expect(new ManagerDict({ name: 'scores' }).get('a')).toBe(1);
  });

  it.each([
    [{ a: 1 }, undefined],
    [5, undefined],
    [[], { freeze: 1 }],
    [[], { frozen: true }],
    [{ name: 5 }, undefined],
    [[5], undefined],
  ])('refuses %j, %j', (first, second) => {
    expect(() => new ManagerDict(first as never, second as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  it('gives all memory back when it is dropped, with what it refers to', () => {
    const { arena } = currentFamily();
    const probe = new ManagerDict<string, unknown>();
    const before = arena.used;
    const dict = new ManagerDict<unknown & DictKey, unknown>();
    for (let i = 0; i < 2_000; i++) dict.set(i, `value ${i}`);
    for (let i = 0; i < 1_500; i++) dict.delete(i);
    const inner = new ManagerDict<string, unknown>([['x', 'y'.repeat(100_000)]]);
    dict.set('inner', { inner });
    inner[Symbol.dispose]();
    dict[Symbol.dispose]();
    expect(arena.used).toBe(before);
    probe[Symbol.dispose]();
  });
});
