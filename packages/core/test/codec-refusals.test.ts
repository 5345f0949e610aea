import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { EncodeError, NotExportedError } from '../src/errors.js';
import { makeCodec, roundTrip } from './fixtures/codec-context.js';

const { codec } = makeCodec();

class Unknown {}
class Point extends Map {}
class Local {
  get [Symbol.for('multiproc.refusal')]() {
    return 'which belongs to one thread; send its name';
  }
}

function refusal(value: unknown, path?: string): EncodeError {
  try {
    codec.encode(value, path === undefined ? {} : { path });
  } catch (error) {
    expect(error).toBeInstanceOf(EncodeError);
    // Whatever failed, the codec goes on.
    const shared = { a: 1 };
    const [one, two] = roundTrip([shared, shared, new Date(0)], codec);
    expect([one, one === two]).toEqual([shared, true]);
    return error as EncodeError;
  }
  throw new Error('was not refused');
}

describe('what cannot travel', () => {
  function* generate() {
    yield 1;
  }
  const detached = new ArrayBuffer(8);
  const detachedView = new Uint8Array(detached);
  structuredClone(detached, { transfer: [detached] });

  it.each<[string, unknown, RegExp]>([
    ['a function', () => 1, /not exported/],
    ['a symbol', Symbol('x'), /symbol/],
    ['a boxed symbol', Object(Symbol('x')), /symbol/],
    ['a promise', Promise.resolve(1), /await/],
    ['a WeakMap', new WeakMap(), /WeakMap/],
    ['a WeakSet', new WeakSet(), /WeakSet/],
    ['a WeakRef', new WeakRef({}), /WeakRef/],
    ['a generator', generate(), /generator/],
    ['an iterator', [1][Symbol.iterator](), /iterator/],
    ['a SharedArrayBuffer', new SharedArrayBuffer(8), /SharedMemory/],
    ['a view of one', new Uint8Array(new SharedArrayBuffer(8)), /slice/],
    ['a detached buffer', detached, /detached/],
    ['a view of one that is detached', detachedView, /detached/],
    ['a URL', new URL('http://localhost/'), /href/],
    ['an AbortSignal', new AbortController().signal, /AbortSignal/],
    ['an unregistered class', new Unknown(), /registerClass\(Unknown\)/],
    [
      'one that says why',
      new Local(),
      /it is a Local, which belongs to one thread; send its name$/,
    ],
    ['a subclass of Map', new Point(), /registerClass\(Point\)/],
    ['an object made of another', Object.create({ a: 1 }), /registered/],
    ['an impostor', Object.create(Map.prototype), /reading it failed/],
    ['a revoked proxy', revoked(), /reading it failed/],
    ['a promise of another realm', runInNewContext('Promise.resolve(1)'), /await/],
  ])('%s is refused, with the path, alone and inside', (_name, value, reason) => {
    expect(refusal(value, 'args').path).toBe('args');
    const inside = refusal([0, { options: { onDone: value } }], 'args');
    expect(inside.path).toBe('args[1].options.onDone');
    expect(inside.message).toMatch(reason);
    expect(inside.message.startsWith('args[1].options.onDone cannot travel')).toBe(true);
  });

  function revoked(): object {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }

  it('plain objects, arrays, maps and buffers of another realm travel', () => {
    const foreign = runInNewContext(
      '({ list: [1, { a: 2 }], map: new Map([[1, new Set([2])]]), date: new Date(5), pattern: /x/g,' +
        ' bytes: new Uint8Array([1, 2]), error: new RangeError("far") })',
    );
    const decoded = roundTrip(foreign, codec);
    expect(decoded).toEqual({
      list: [1, { a: 2 }],
      map: new Map([[1, new Set([2])]]),
      date: new Date(5),
      pattern: /x/g,
      bytes: new Uint8Array([1, 2]),
      error: new RangeError('far'),
    });
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(decoded.error).toBeInstanceOf(RangeError);
  });
});

describe('the path', () => {
  const bad = Symbol('bad');
  it.each<[string, unknown, string]>([
    ['an array', [1, [2, bad]], 'value[1][1]'],
    ['an odd key', { 'odd key': { 'a"b': bad } }, 'value["odd key"]["a\\"b"]'],
    ['an index-like key', { 5: bad }, 'value["5"]'],
    ['a letter of any script', { größe: bad }, 'value.größe'],
    ['a value in a Map', new Map([['k', { x: bad }]]), 'value.get("k").x'],
    ['a value under a number', new Map([[7, bad]]), 'value.get(7)'],
    ['a value under an object', new Map([[{}, bad]]), 'value.get(key 0)'],
    [
      'a key of a Map',
      new Map<unknown, number>([
        [1, 1],
        [[bad], 1],
      ]),
      'value.keys()[1][0]',
    ],
    ['a member of a Set', new Set([1, { a: bad }]), 'value.values()[1].a'],
    ['a named property of an array', Object.assign([1], { extra: bad }), 'value.extra'],
    ['a cause', new Error('x', { cause: { y: bad } }), 'value.cause.y'],
    ["an AggregateError's error", new AggregateError([1, bad]), 'value.errors[1]'],
    ["an error's field", Object.assign(new Error('x'), { socket: bad }), 'value.socket'],
    [
      'a wide object',
      Object.fromEntries([...Array(60).keys()].map((i) => [`k${i}`, i === 59 ? bad : i])),
      'value.k59',
    ],
    ['a sibling of nested objects', { a: { b: { c: 1 } }, d: [[1], bad] }, 'value.d[1]'],
  ])('names the place in %s', (_name, value, path) => {
    expect(refusal(value).path).toBe(path);
  });

  it('names a place below deferred containers, shortened in the middle', () => {
    let value: unknown = { bad };
    for (let i = 0; i < 150; i++) value = { n: value };
    const { path } = refusal(value);
    expect(path).toBe(`value${'.n'.repeat(20)}…(111 more)…${'.n'.repeat(19)}.bad`);
  });

  it('names a getter that throws, and keeps its error as the cause', () => {
    const failure = new Error('no reading');
    const value = {
      list: [
        {
          get broken() {
            throw failure;
          },
        },
      ],
    };
    const error = refusal(value);
    expect([error.path, error.cause]).toEqual(['value.list[0].broken', failure]);
    expect(error.message).toContain('no reading');
  });

  it('carries the reason why a function is not exported', () => {
    const error = refusal({ run: function secret() {} });
    expect(error.message).toContain('the function secret is not exported');
    expect(error.cause).toBeInstanceOf(NotExportedError);
    expect(error.code).toBe('ERR_ENCODE');
  });

  it('refuses a chain of errors too long for the call stack', () => {
    let error = new Error('root');
    for (let i = 0; i < 5000; i++) error = new Error('outer', { cause: error });
    expect(refusal(error).message).toContain('nested more than');
  });

  it('refuses an object that a getter changes while it is read', () => {
    const value: Record<string, unknown> = { a: 1, b: 2, c: 3 };
    codec.encode(value);
    Object.defineProperty(value, 'a', {
      enumerable: true,
      configurable: true,
      get: () => delete value.c,
    });
    codec.encode({ a: 1, b: 2, c: 3 });
    expect(refusal(value).message).toContain('changed');
  });
});
