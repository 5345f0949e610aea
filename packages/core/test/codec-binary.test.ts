import { describe, expect, it } from 'vitest';
import { EncodeError } from '../src/errors.js';
import { makeCodec, roundTrip } from './fixtures/codec-context.js';
import { difference } from './fixtures/codec-same-graph.js';

const { codec } = makeCodec();
const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);

describe('binary data', () => {
  it.each([
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ])('%o of any length and offset keeps class and contents', (View) => {
    const buffer = bytes.slice().buffer;
    for (const view of [
      new View(buffer),
      new View(buffer, 8, 2),
      new View(buffer, 16),
      new View(0),
    ]) {
      const decoded = roundTrip({ view }, codec).view;
      expect(Object.getPrototypeOf(decoded)).toBe(View.prototype);
      expect(decoded).toEqual(view);
      expect(roundTrip(view, codec)).toEqual(view);
    }
  });

  it('ArrayBuffer and DataView arrive', () => {
    const { buffer } = bytes.slice();
    expect(new Uint8Array(roundTrip(buffer, codec))).toEqual(bytes);
    const view = roundTrip(new DataView(buffer, 3, 10), codec);
    expect([view.getUint8(0), view.getUint8(9), view.byteLength]).toEqual([3, 12, 10]);
  });

  it('a Buffer comes back as a Buffer, alone and among others of the same pool', () => {
    const small = [
      Buffer.from('one'),
      Buffer.from('two'),
      Buffer.alloc(9000, 'x'),
      Buffer.alloc(0),
    ];
    const decoded = roundTrip(small, codec);
    expect(decoded).toEqual(small);
    expect(decoded.every(Buffer.isBuffer)).toBe(true);
    expect(decoded[0]?.buffer).not.toBe(decoded[1]?.buffer);
    // The pool around a small Buffer holds what is none of the receiver's business.
    expect(codec.encode(Buffer.from('one')).byteLength).toBeLessThan(32);
  });

  it('views of one buffer still share it, and only what they span travels', () => {
    const buffer = new ArrayBuffer(100_000);
    const views = {
      a: new Uint8Array(buffer, 1003, 16),
      b: new Float64Array(buffer, 1008, 2),
      c: new DataView(buffer, 1004, 4),
    };
    expect(codec.encode(views).byteLength).toBeLessThan(120);
    const decoded = roundTrip(views, codec);
    expect(decoded.b.buffer).toBe(decoded.a.buffer);
    expect(decoded.c.buffer).toBe(decoded.a.buffer);
    decoded.a[5] = 255;
    expect(new Uint8Array(decoded.b.buffer, decoded.b.byteOffset)[0]).toBe(255);
    expect(decoded.c.byteOffset - decoded.a.byteOffset).toBe(1);
  });

  it('a buffer that is a value itself travels whole and is the one of its views', () => {
    const { buffer } = bytes.slice();
    const value = { view: new Uint8Array(buffer, 8, 8), buffer, same: [buffer] };
    expect(difference(value, roundTrip(value, codec))).toBeUndefined();
  });

  it('a resizable buffer stays resizable, and a view that follows it still does', () => {
    const Resizable = ArrayBuffer as unknown as new (
      n: number,
      o: object,
    ) => ArrayBuffer & {
      maxByteLength: number;
      resize(n: number): void;
    };
    const buffer = new Resizable(8, { maxByteLength: 32 });
    const value = {
      buffer,
      following: new Uint8Array(buffer),
      fixed: new Uint8Array(buffer, 0, 8),
    };
    const decoded = roundTrip(value, codec);
    expect([decoded.buffer.maxByteLength, buffer.byteLength]).toEqual([32, 8]);
    decoded.buffer.resize(16);
    expect([decoded.following.length, decoded.fixed.length]).toEqual([16, 8]);
  });

  it('large data is copied from the user and not kept in between', () => {
    const data = new Uint8Array(1 << 20).fill(1);
    const encoded = codec.encode({ data, after: 'x' });
    data.fill(2);
    const target = new Uint8Array(encoded.byteLength);
    encoded.copyTo(target);
    expect((codec.decode(target) as { data: Uint8Array }).data[12345]).toBe(2);
  });

  it('decoded data shares nothing with the bytes, on shared memory and at any offset', () => {
    const value = {
      big: new Float64Array(1000).fill(0.5),
      small: Buffer.from('abc'),
      text: 'é'.repeat(300),
      wide: '日'.repeat(300),
      number: 0.1,
      big2: 2n ** 70n,
    };
    const encoded = codec.encode(value);
    for (const offset of [0, 1, 7]) {
      const memory = new SharedArrayBuffer(encoded.byteLength + 16);
      const target = new Uint8Array(memory, offset, encoded.byteLength + 1);
      encoded.copyTo(target);
      const decoded = codec.decode(target.subarray(0, encoded.byteLength)) as typeof value;
      target.fill(0xff);
      expect(decoded).toEqual(value);
      expect(decoded.big.buffer).not.toBe(memory);
      expect(decoded.small.buffer).toBeInstanceOf(ArrayBuffer);
    }
  });

  it('decoding from a Buffer leaves its bytes as they are', () => {
    const value = { text: 'x'.repeat(40), big: 2n ** 90n, bytes: new Uint8Array([1, 2, 3]) };
    const encoded = Buffer.from(codec.encode(value).toBytes());
    const before = Uint8Array.from(encoded);
    const decoded = codec.decode(encoded) as typeof value;
    decoded.bytes.fill(9);
    expect(Uint8Array.from(encoded)).toEqual(before);
    expect(codec.decode(encoded)).toEqual(value);
  });

  it('large data begins at multiples of 8 from the start of the target', () => {
    const encoded = codec.encode({ a: 'odd', data: new Uint8Array(5000).fill(7) }).toBytes();
    const footer = 4;
    const start = encoded.length - footer - 5000;
    expect([encoded[start], encoded[start - 1], start % 8]).toEqual([7, 0, 0]);
  });

  it('a target that is too short is refused before anything is written', () => {
    const encoded = codec.encode({ data: new Uint8Array(100).fill(1) });
    const target = new Uint8Array(encoded.byteLength - 1);
    expect(() => encoded.copyTo(target)).toThrow(RangeError);
    expect(target.every((byte) => byte === 0)).toBe(true);
  });

  it('a buffer that was transferred after encode is noticed', () => {
    const data = new Uint8Array(5000);
    const encoded = codec.encode({ data });
    structuredClone(data.buffer, { transfer: [data.buffer] });
    expect(() => encoded.toBytes()).toThrow(EncodeError);
  });
});
