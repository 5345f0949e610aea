import { types } from 'node:util';
import type { Decoder } from './decoder.js';
import type { Encoder } from './encoder.js';
import { ARRAY_BUFFER, VIEW } from './tags.js';

type ViewConstructor = new (
  buffer: ArrayBuffer,
  byteOffset: number,
  length?: number,
) => ArrayBufferView;

const globals = globalThis as unknown as Record<string, ViewConstructor | undefined>;

/** Kinds of views by their number in the bytes; never reordered. Float16Array needs Node 24. */
const KINDS = [
  'DataView',
  'Buffer',
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
] as const;
const BUFFER_KIND = 1;
/** Length of the pool, to which Node 26 adds some bytes. */
const POOL_BYTES = Buffer.allocUnsafe(1).buffer.byteLength;
/** Prototypes of views, but for Buffer's. */
export const VIEW_PROTOTYPES: readonly object[] = KINDS.flatMap((name) =>
  name === 'Buffer' ? [] : ((globals[name]?.prototype as object | undefined) ?? []),
);
const KIND_NUMBERS = new Map<string, number>(KINDS.map((name, number) => [name, number]));
/** The true class of a typed array, whatever its prototype says. */
const tagOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get as (this: unknown) => string | undefined;

const SHARED_ADVICE =
  'it lies on a SharedArrayBuffer, which only postMessage can share; send a copy (`view.slice()`) ' +
  'or a SharedMemory';

/** Writes an ArrayBuffer. */
export function writeArrayBuffer(encoder: Encoder, buffer: ArrayBuffer): void {
  if (isDetached(buffer)) throw encoder.refuse('it is a detached ArrayBuffer');
  encoder.out.u8(ARRAY_BUFFER);
  encoder.out.size(encoder.tables.buffers.add(buffer, 0, buffer.byteLength));
}

/** Writes a typed array, DataView or Buffer; `isBuffer` tells the latter. */
export function writeView(encoder: Encoder, view: ArrayBufferView, isBuffer: boolean): void {
  const { buffer } = view;
  if (types.isSharedArrayBuffer(buffer)) throw encoder.refuse(SHARED_ADVICE);
  if (isDetached(buffer)) throw encoder.refuse('it is a view of a detached ArrayBuffer');
  const { byteOffset, byteLength } = view;
  const end = byteOffset + byteLength;
  const { out, tables } = encoder;
  const number =
    isBuffer && isPooled(buffer, byteLength)
      ? tables.buffers.addAlone(buffer, byteOffset, end)
      : tables.buffers.add(buffer, byteOffset, end);
  const name = types.isDataView(view) ? 'DataView' : (tagOf.call(view) as string);
  out.u8(VIEW);
  out.u8(isBuffer ? BUFFER_KIND : (KIND_NUMBERS.get(name) as number));
  out.size(number);
  out.size(byteOffset);
  out.size(followsBuffer(view) ? 0 : lengthOf(view) + 1);
}

/** Node's small Buffers lie on a common pool by accident: they share nothing with their neighbours. */
function isPooled(buffer: ArrayBufferLike, byteLength: number): boolean {
  const { byteLength: size } = buffer;
  return byteLength < Buffer.poolSize && (size === POOL_BYTES || size === Buffer.poolSize);
}

function lengthOf(view: ArrayBufferView): number {
  return (view as Uint8Array).length ?? view.byteLength;
}

/** What ES2022's library types lack. */
interface ResizableBuffer {
  readonly resizable?: boolean;
  readonly byteLength: number;
  readonly maxByteLength: number;
  resize(size: number): void;
}

/**
 * Whether a view was made without a length, so that it grows with its resizable buffer. No
 * property tells; the length does when the buffer grows, and growing is undone without a trace.
 * (A view of a buffer at its greatest size counts as one of fixed length.)
 */
function followsBuffer(view: ArrayBufferView): boolean {
  const buffer = view.buffer as unknown as ResizableBuffer;
  const { byteLength: size } = buffer;
  if (buffer.resizable !== true || size === buffer.maxByteLength) return false;
  const before = view.byteLength;
  buffer.resize(Math.min(size + 8, buffer.maxByteLength));
  const follows = view.byteLength !== before;
  buffer.resize(size);
  return follows;
}

function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Reads what follows ARRAY_BUFFER. */
export function readArrayBuffer(decoder: Decoder): ArrayBuffer {
  return decoder.register(decoder.tables.bufferAt(decoder.input.size()).buffer);
}

/** Reads what follows VIEW. */
export function readView(decoder: Decoder): ArrayBufferView {
  const { input } = decoder;
  const kind = KINDS[input.u8()];
  if (kind === undefined) throw input.malformed('an unknown kind of typed array');
  const View = globals[kind];
  if (View === undefined) throw input.malformed(`${kind} does not exist on this version of Node`);
  const { buffer, start } = decoder.tables.bufferAt(input.size());
  const offset = input.size() - start;
  const length = input.size();
  if (kind === 'Buffer') return decoder.register(Buffer.from(buffer, offset, length - 1));
  return decoder.register(
    length === 0 ? new View(buffer, offset) : new View(buffer, offset, length - 1),
  );
}
