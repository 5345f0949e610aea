import { describe, expect, it } from 'vitest';
import { registerClass } from '../src/codec/class-registry.js';
import { DecodeError, EncodeError, isMultiprocError, MultiprocError } from '../src/errors.js';
import { roundTrip } from './fixtures/codec-context.js';

class LocalError extends RangeError {
  override name = 'LocalError';
}
class PrototypeNamed extends TypeError {
  override get name() {
    return 'PrototypeNamed';
  }
}
class QuotaError extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`more than ${limit}`);
    this.limit = limit;
  }
  override get name() {
    return 'QuotaError';
  }
}
registerClass(QuotaError);

describe('errors', () => {
  it.each([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    '%o keeps class, message and stack',
    (Type) => {
      const error = new Type('what');
      const decoded = roundTrip(error);
      expect(Object.getPrototypeOf(decoded)).toBe(Type.prototype);
      expect([decoded.message, decoded.stack, decoded.name]).toEqual([
        'what',
        error.stack,
        Type.name,
      ]);
      expect(Object.getOwnPropertyDescriptor(decoded, 'message')?.enumerable).toBe(false);
      expect(Object.keys(decoded)).toEqual([]);
      expect(Object.hasOwn(decoded, 'name')).toBe(false);
      expect(Object.prototype.toString.call(decoded)).toBe('[object Error]');
    },
  );

  it('code and every own enumerable field travel', () => {
    const error = Object.assign(new Error('x'), { code: 'ERR_X', errno: -2, detail: { a: [1n] } });
    const decoded = roundTrip(error);
    expect({ ...decoded }).toEqual({ code: 'ERR_X', errno: -2, detail: { a: [1n] } });
  });

  it('an absent message, an absent cause and an undefined cause stay apart', () => {
    expect(Object.hasOwn(roundTrip(new Error()), 'message')).toBe(false);
    expect(Object.hasOwn(roundTrip(new Error('x')), 'cause')).toBe(false);
    const decoded = roundTrip(new Error('x', { cause: undefined }));
    expect(Object.getOwnPropertyDescriptor(decoded, 'cause')).toEqual({
      value: undefined,
      enumerable: false,
      writable: true,
      configurable: true,
    });
  });

  it('causes travel as what they are, also in a cycle', () => {
    const error = new Error('outer', { cause: new TypeError('inner', { cause: { a: 1 } }) });
    (error.cause as Error & { back?: Error }).back = error;
    const decoded = roundTrip(error);
    expect(decoded.cause).toBeInstanceOf(TypeError);
    expect((decoded.cause as Error).cause).toEqual({ a: 1 });
    expect((decoded.cause as Error & { back?: Error }).back).toBe(decoded);
    const own = new Error('self');
    own.cause = own;
    const loop = roundTrip(own);
    expect(loop.cause).toBe(loop);
  });

  it('an AggregateError keeps its errors', () => {
    const decoded = roundTrip(new AggregateError([new RangeError('a'), 'b'], 'many'));
    expect(decoded).toBeInstanceOf(AggregateError);
    expect([decoded.message, decoded.errors[0].message, decoded.errors[1]]).toEqual([
      'many',
      'a',
      'b',
    ]);
    expect(decoded.errors[0]).toBeInstanceOf(RangeError);
  });

  it('DOMExceptions arrive as such, time-outs and aborts included', () => {
    for (const name of ['AbortError', 'TimeoutError', 'DataCloneError']) {
      const error = new DOMException('stopped', name);
      const decoded = roundTrip({ error }).error;
      expect(decoded).toBeInstanceOf(DOMException);
      expect([decoded.name, decoded.message, decoded.code]).toEqual([name, 'stopped', error.code]);
      expect(decoded.stack).toBe(error.stack);
    }
    expect(roundTrip(AbortSignal.abort().reason).name).toBe('AbortError');
  });

  it('an unknown subclass arrives as the nearest built-in error with its name', () => {
    for (const error of [new LocalError('far'), new PrototypeNamed('far')]) {
      const decoded = roundTrip(error);
      expect(Object.getPrototypeOf(decoded)).not.toBe(Object.getPrototypeOf(error));
      expect(decoded).toBeInstanceOf(error instanceof RangeError ? RangeError : TypeError);
      expect([decoded.name, decoded.message]).toEqual([error.name, 'far']);
      expect(String(decoded)).toBe(`${error.name}: far`);
    }
  });

  it('a registered error class arrives as itself, in a cycle too', () => {
    const error = new QuotaError(5) as QuotaError & { self?: unknown };
    error.self = error;
    const decoded = roundTrip(error);
    expect(decoded).toBeInstanceOf(QuotaError);
    expect([decoded.limit, decoded.message, decoded.name]).toEqual([
      5,
      'more than 5',
      'QuotaError',
    ]);
    expect(decoded.self).toBe(decoded);
    expect(Object.hasOwn(decoded, 'name')).toBe(false);
  });

  it("core's errors arrive as themselves", () => {
    const error = new EncodeError('args[0]', 'no', {
      cause: new DecodeError('x', new Uint8Array(3)),
    });
    const decoded = roundTrip(error);
    expect(decoded).toBeInstanceOf(EncodeError);
    expect([decoded.path, decoded.code]).toEqual(['args[0]', 'ERR_ENCODE']);
    expect((decoded.cause as DecodeError).bytes).toEqual(new Uint8Array(3));
    expect(isMultiprocError(decoded, 'ERR_ENCODE')).toBe(true);
  });

  it('an unknown error of ours keeps its brand, name and code', () => {
    class QueueOddError extends MultiprocError {}
    const decoded = roundTrip(new QueueOddError('ERR_ODD', 'odd'));
    expect(isMultiprocError(decoded, 'ERR_ODD')).toBe(true);
    expect(decoded.name).toBe('QueueOddError');
  });

  it('an error whose fields hide built-in ones keeps them', () => {
    const error = Object.assign(new Error('x'), { message: 'own', name: 'Own', stack: 'at here' });
    Object.defineProperty(error, 'message', { enumerable: true });
    const decoded = roundTrip(error);
    expect([decoded.name, decoded.message, decoded.stack]).toEqual(['Own', 'own', 'at here']);
    expect(Object.keys(decoded).sort()).toEqual(['message', 'name']);
  });
});
