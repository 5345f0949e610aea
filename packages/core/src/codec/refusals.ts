import { types } from 'node:util';

/** A class whose instances never travel tells by this property what to do instead. */
const REFUSAL = Symbol.for('multiproc.refusal');

/** Why an object cannot travel, and what to do instead. */
export function describeRefused(value: object): string {
  if (types.isPromise(value)) return 'it is a Promise; await it and send the result';
  if (types.isSharedArrayBuffer(value)) {
    return (
      'it is a SharedArrayBuffer, which only postMessage can share; send a SharedMemory or ' +
      'SharedArray, or a copy (`new Uint8Array(buffer).slice()`)'
    );
  }
  if (types.isWeakMap(value) || types.isWeakSet(value) || value instanceof WeakRef) {
    return `it is a ${kindOf(value)}, whose contents only this agent's garbage collector knows`;
  }
  if (types.isGeneratorObject(value)) return 'it is a running generator; send what it yields';
  if (types.isExternal(value)) return 'it is a pointer of native code';
  if (value instanceof URL) return 'it is a URL; send `url.href`';
  if (isIterator(value)) return 'it is an iterator; send an array of what it yields';
  const told = (value as { [REFUSAL]?: unknown })[REFUSAL];
  if (typeof told === 'string') return `it is a ${kindOf(value)}, ${told}`;
  return describeInstance(kindOf(value));
}

function isIterator(value: object): boolean {
  return /Iterator$/.test(
    String((value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]),
  );
}

function describeInstance(kind: string): string {
  return (
    `it is an instance of ${kind}, which is not a registered class; call ` +
    `registerClass(${kind}) in the module of that class, or send a plain object`
  );
}

/** The name of an object's class, without running its getters more than needed. */
function kindOf(value: object): string {
  const made: unknown = (value as { constructor?: unknown }).constructor;
  const tag: unknown = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof made === 'function' && made.name !== '' && made !== Object) return made.name;
  return typeof tag === 'string' && tag !== '' ? tag : 'a class without a name';
}
