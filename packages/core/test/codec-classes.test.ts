import { describe, expect, it } from 'vitest';
import { registerClass } from '../src/codec/class-registry.js';
import { DecodeError, EncodeError } from '../src/errors.js';
import { makeCodec, roundTrip } from './fixtures/codec-context.js';

class Point {
  x: number;
  y: number;
  next: unknown;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  length() {
    return Math.hypot(this.x, this.y);
  }
}
class Money {
  #cents: number;
  note: unknown;
  constructor(cents: number, note?: unknown) {
    this.#cents = cents;
    this.note = note;
  }
  get cents() {
    return this.#cents;
  }
}
class Tagged {
  tags = new Map<string, unknown>();
}
class Guarded {
  static assigned = 0;
  declare value: number;
  constructor() {
    Object.defineProperty(this, 'value', { value: 4, enumerable: true });
  }
}
Object.defineProperty(Guarded.prototype, 'value', {
  set() {
    Guarded.assigned++;
  },
});
class Registry extends Map<string, unknown> {
  label = 'none';
  override set(key: string, value: unknown) {
    return super.set(`${key}!`, value);
  }
}
class Stack extends Array<unknown> {
  peek() {
    return this.at(-1);
  }
}
class Group extends Set<unknown> {}
class Day extends Date {}

registerClass(Point);
registerClass(Money, {
  encode: (money) => ({ cents: money.cents, note: money.note }),
  decode: ({ cents, note }: { cents: number; note: unknown }) => new Money(cents, note),
});
registerClass(Tagged, { encode: ({ tags }) => ({ tags, extra: 1 }) });
registerClass(Guarded);
registerClass(Registry);
registerClass(Stack);
registerClass(Group);
registerClass(Day);

describe('registered classes', () => {
  it('an instance arrives with its prototype and own fields, without the constructor', () => {
    const decoded = roundTrip({ points: [new Point(3, 4), new Point(6, 8)] });
    expect(decoded.points.map((point) => point.length())).toEqual([5, 10]);
    expect(Object.keys(decoded.points[0] as object)).toEqual(['x', 'y', 'next']);
  });

  it('cycles through instances keep prototype and identity', () => {
    const a = new Point(1, 1);
    const b = new Point(2, 2);
    a.next = { b };
    b.next = new Set([a]);
    const decoded = roundTrip(a);
    const other = (decoded.next as { b: Point }).b;
    expect(other).toBeInstanceOf(Point);
    expect((other.next as Set<unknown>).has(decoded)).toBe(true);
  });

  it('10,000 linked instances arrive', () => {
    let head: Point | undefined;
    for (let i = 0; i < 10_000; i++) {
      const point = new Point(i, 0);
      point.next = head;
      head = point;
    }
    let count = 0;
    for (let at: unknown = roundTrip(head); at instanceof Point; at = at.next) count++;
    expect(count).toBe(10_000);
  });

  it('hooks carry private state, and shared instances stay shared', () => {
    const money = new Money(5, [1]);
    const decoded = roundTrip([money, money]);
    expect(decoded[0]?.cents).toBe(5);
    expect(decoded[0]).toBe(decoded[1]);
    expect(decoded[0]).toBeInstanceOf(Money);
  });

  it('what a decode hook gets is complete, however deep', () => {
    let depth = 0;
    class Measured {}
    let data: unknown = 'bottom';
    for (let i = 0; i < 150; i++) data = [data];
    registerClass(Measured, {
      encode: () => data,
      decode: (received: unknown) => {
        for (let at = received; Array.isArray(at); at = at[0]) depth++;
        return new Measured();
      },
    });
    roundTrip([new Measured()]);
    expect(depth).toBe(150);
  });

  it('data that leads back to an instance with a decode hook is refused', () => {
    const money = new Money(1);
    money.note = { owner: [money] };
    const failure = catchError(() => roundTrip({ money }));
    expect(failure).toBeInstanceOf(EncodeError);
    expect((failure as EncodeError).path).toBe('value.money.encode().note.owner[0]');
  });

  it('an encode hook alone replaces the fields', () => {
    const tagged = new Tagged();
    tagged.tags.set('self', tagged);
    const decoded = roundTrip(tagged);
    expect(decoded).toBeInstanceOf(Tagged);
    expect(decoded.tags.get('self')).toBe(decoded);
    expect((decoded as Tagged & { extra: number }).extra).toBe(1);
  });

  it('fields are defined, not assigned: inherited setters do not run', () => {
    const decoded = roundTrip(new Guarded());
    expect(Object.getOwnPropertyDescriptor(decoded, 'value')?.value).toBe(4);
    expect(Guarded.assigned).toBe(0);
  });

  it('subclasses of Map, Set and Array keep contents, fields and identity', () => {
    const registry = new Registry([['a', 1]]);
    registry.set('self', registry);
    registry.label = 'full';
    const copy = roundTrip(registry);
    expect([copy instanceof Registry, copy.label, [...copy.keys()]]).toEqual([
      true,
      'full',
      ['a!', 'self!'],
    ]);
    expect(copy.get('self!')).toBe(copy);
    const stack = Stack.from([1, 2]) as Stack;
    const copied = roundTrip([stack, stack]);
    expect([copied[0]?.peek(), copied[0]?.length]).toEqual([2, 2]);
    expect(copied[0]).toBe(copied[1]);
    const group = roundTrip(new Group([1, [2]]));
    expect([group instanceof Group, [...group]]).toEqual([true, [1, [2]]]);
  });

  it('a subclass of another built-in needs hooks, and an unregistered subclass is refused', () => {
    class Point3 extends Point {}
    expect(() => roundTrip(new Day())).toThrow(/both encode and decode/);
    expect(() => roundTrip(new Point3(1, 2))).toThrow(/registerClass\(Point3\)/);
  });

  it('a hook that throws fails with the place and the cause', () => {
    class Broken {}
    const reason = new Error('hook failed');
    registerClass(Broken, {
      encode: () => {
        throw reason;
      },
    });
    const failure = catchError(() => roundTrip({ a: [new Broken()] })) as EncodeError;
    expect([failure.path, failure.cause]).toEqual(['value.a[0]', reason]);
    class Undecodable {}
    registerClass(Undecodable, {
      encode: () => 1,
      decode: () => {
        throw reason;
      },
    });
    const other = catchError(() => roundTrip(new Undecodable())) as DecodeError;
    expect(other).toBeInstanceOf(DecodeError);
    expect(other.cause).toBe(reason);
  });
});

describe('by reference', () => {
  it('a class with an export is loaded from it, and its module is listed', () => {
    class Remote {
      a = 1;
    }
    registerClass(Remote);
    const sender = makeCodec();
    sender.context.exports.set('file:///remote.js#Remote', Remote);
    const bytes = sender.codec.encode([new Remote(), new Remote()]).toBytes();
    expect(sender.codec.encode(new Remote()).modules).toEqual(['file:///remote.js']);

    const receiver = makeCodec();
    class Imported {}
    receiver.context.exports.set('file:///remote.js#Remote', Imported);
    expect(receiver.codec.modulesOf(bytes)).toEqual(['file:///remote.js']);
    const decoded = receiver.codec.decode(bytes) as Imported[];
    expect(decoded[1]).toBeInstanceOf(Imported);
    expect({ ...decoded[1] }).toEqual({ a: 1 });
  });

  it('without an export it is found by its registered name, looked for once', () => {
    const { codec, context } = makeCodec();
    for (let i = 0; i < 3; i++) expect(roundTrip(new Point(1, 2), codec)).toBeInstanceOf(Point);
    expect(context.located).toBe(1);
    expect(codec.modulesOf(codec.encode(new Point(1, 2)).toBytes())).toEqual([]);
  });

  it('a class that the receiver does not know is a DecodeError that says what to do', () => {
    class Gone {}
    registerClass(Gone, { name: 'gone-before' });
    const { codec } = makeCodec();
    const bytes = codec.encode({ gone: new Gone() }).toBytes();
    class Other {}
    registerClass(Gone, { name: 'gone-after' });
    registerClass(Other, { name: 'other' });
    expect(() => codec.decode(bytes)).toThrow(/the class gone-before is not registered here/);
  });

  it('functions and classes travel as themselves', () => {
    const { codec, context } = makeCodec();
    const work = () => 1;
    context.exports.set('file:///m.js#work', work);
    context.exports.set('file:///m.js#Point.of', Point);
    const decoded = roundTrip({ work, list: [work, Point] }, codec);
    expect([decoded.work, decoded.list]).toEqual([work, [work, Point]]);
    expect(codec.encode([work, Point]).modules).toEqual(['file:///m.js']);
    expect(roundTrip(work, codec)).toBe(work);
    context.exports.clear();
    const bytes = codec.encode(work).toBytes();
    expect(() => makeCodec().codec.decode(bytes)).toThrow(/file:\/\/\/m\.js is not loaded/);
  });

  it('shared objects travel by reference, each listed once, and resolve to the living one', () => {
    const { codec, context } = makeCodec();
    const lock = context.lock(4096);
    const other = context.lock(2 ** 33);
    const encoded = codec.encode({ lock, again: [lock, other] });
    expect(encoded.references).toEqual([lock.reference, other.reference]);
    const bytes = encoded.toBytes();
    expect(codec.decode(bytes)).toEqual({ lock, again: [lock, other] });
    expect((codec.decode(bytes) as { lock: unknown }).lock).toBe(lock);
    expect(codec.encode(1).references).toEqual([]);
    context.living.clear();
    const failure = catchError(() => codec.decode(bytes)) as DecodeError;
    expect([failure.code, (failure.cause as { code: string }).code]).toEqual([
      'ERR_DECODE',
      'ERR_HANDLE',
    ]);
    expect(failure.bytes).toEqual(bytes);
  });

  it('handles sent beside the bytes come back by their index', () => {
    const { codec } = makeCodec();
    const socket = new AbortController();
    const bytes = codec
      .encode([socket, { socket }], { foreign: (value) => (value === socket ? 3 : undefined) })
      .toBytes();
    const decoded = codec.decode(bytes, { foreign: (index) => ({ index }) }) as unknown[];
    expect(decoded).toEqual([{ index: 3 }, { socket: { index: 3 } }]);
    expect(() => codec.decode(bytes)).toThrow(/handle/);
  });
});

describe('registerClass', () => {
  it('refuses what is no class of the user, and a name that is taken', () => {
    expect(() => registerClass((() => 1) as never)).toThrow(TypeError);
    expect(() => registerClass(Map)).toThrow(/built in/);
    expect(() => registerClass(Point, { encode: 5 as never })).toThrow(/options\.encode/);
    expect(() => registerClass(class {})).toThrow(/name/);
    const twin = { Point: class Point {} }.Point;
    expect(() => registerClass(twin)).toThrow(/already registered as "Point"/);
    expect(registerClass(twin, { name: 'twin' })).toBe(twin);
    expect(registerClass(twin, { name: 'twin' })).toBe(twin);
  });
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
