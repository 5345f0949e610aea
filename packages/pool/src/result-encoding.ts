import { inspect } from 'node:util';
import { type Encoded, encode, isMultiprocError } from '@multiproc/core';
import { MaybeEncodingError } from './errors.js';
import { OUTCOME } from './lane-layout.js';

/** An outcome that can travel. */
export interface TravellingOutcome {
  /** See OUTCOME. */
  readonly outcome: number;
  readonly encoded: Encoded;
}

/** Encodes what a task has returned; what cannot travel becomes an error of that task. */
export function encodeValue(value: unknown): TravellingOutcome {
  try {
    return travelling(OUTCOME.VALUE, encode(value, { path: 'result' }));
  } catch (reason) {
    return encodeFailure(new MaybeEncodingError(describe(reason), describe(value)));
  }
}

/** Encodes what a task has thrown: whole if that can travel, else as much of it as can. */
export function encodeFailure(error: unknown): TravellingOutcome {
  try {
    return travelling(OUTCOME.ERROR, encode(error, { path: 'error' }));
  } catch (reason) {
    return travelling(OUTCOME.ERROR, encode(reduced(error, reason)));
  }
}

function travelling(outcome: number, encoded: Encoded): TravellingOutcome {
  const hasModules = encoded.modules.length > 0;
  return { outcome: outcome | (hasModules ? OUTCOME.MODULES : 0), encoded };
}

/** The same error without what cannot travel, or a description of it. */
function reduced(error: unknown, reason: unknown): unknown {
  if (!(error instanceof Error)) return new MaybeEncodingError(describe(reason), describe(error));
  const copy = new Error(String(error.message));
  copy.name = String(error.name);
  if (typeof error.stack === 'string') copy.stack = error.stack;
  for (const [key, value] of [...Object.entries(error), ['cause', error.cause] as const]) {
    if (value === undefined) continue;
    try {
      encode(value);
      Object.defineProperty(copy, key, { value, enumerable: key !== 'cause', configurable: true });
    } catch {
      // This field is what cannot travel.
    }
  }
  return copy;
}

function describe(value: unknown): string {
  if (isMultiprocError(value)) return `${value.name}: ${value.message}`;
  try {
    return inspect(value, {
      depth: 1,
      maxStringLength: 200,
      breakLength: Number.POSITIVE_INFINITY,
    });
  } catch {
    return Object.prototype.toString.call(value);
  }
}
