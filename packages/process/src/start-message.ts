import type { FunctionReference } from '@multiproc/core';
import type { Facts, ParentFacts, StartMethod } from './self.js';

/** A socket or server that is sent beside the message, as a descriptor. */
export interface HandleFacts {
  readonly kind: 'socket' | 'server' | 'datagram';
  readonly fd: number;
  /** Options for the constructor of the receiver's object. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The part of a start message that a child can read without the codec. */
export interface Preamble extends Omit<Facts, 'authKey'> {
  /** In base64. */
  readonly authKey: string;
  readonly argv: readonly string[];
  readonly parent: ParentFacts;
  readonly startMethod: StartMethod | null;
  readonly target: FunctionReference | null;
  /** The class whose `run` is to be called. */
  readonly subclass: FunctionReference | null;
  readonly handles: readonly HandleFacts[];
  /** Path of koffi's binary, so that the child need not search for it. */
  readonly binary: string | undefined;
}

/** The part that needs the codec; left out when there is nothing in it. */
export interface StartValues {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>> | undefined;
  /** Own properties of an instance of a subclass. */
  readonly this: Readonly<Record<string, unknown>>;
}

/*
 * A start message. It is in two parts so that a child without arguments loads nothing but its
 * target:
 *
 * | offset | what |
 * | --- | --- |
 * | 0 | length of the preamble in bytes, little-endian |
 * | 4 | preamble: JSON in UTF-8 |
 * | next multiple of 8 | the encoded `StartValues`; nothing when there are none |
 */
const LENGTH_BYTES = 4;

/** Where the values of a message with such a preamble begin. */
export function valuesStart(preambleLength: number): number {
  return (LENGTH_BYTES + preambleLength + 7) & ~7;
}

/** Writes the preamble to the beginning of a message. */
export function writePreamble(target: Uint8Array, preamble: Uint8Array): void {
  const { length } = preamble;
  for (let i = 0; i < LENGTH_BYTES; i++) target[i] = (length >>> (8 * i)) & 0xff;
  target.set(preamble, LENGTH_BYTES);
}

/** Takes a message apart. */
export function readMessage(message: Uint8Array): { preamble: Preamble; values: Uint8Array } {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const length = bytes.readUInt32LE(0);
  const text = bytes.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length);
  return { preamble: JSON.parse(text), values: message.subarray(valuesStart(length)) };
}
