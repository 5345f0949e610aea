import { decode } from '@multiproc/core';

/** Why something failed; whatever was thrown, `undefined` too. */
export interface Failure {
  readonly error: unknown;
}

/** Whether all that bytes name is there, so that nothing has to be imported for them. */
export function isDecodable(bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits for the import of the modules that bytes name. A failure counts only where it matters: decoding
 * may do without, when another module has registered the same class. Where it matters it is what the
 * user has to know, for decoding only finds that something is missing.
 *
 * @param bytes - an encoded value
 * @param importing - of its modules
 * @returns why the bytes cannot be decoded; `undefined` when there is no reason in the modules
 */
export async function importFailure(
  bytes: Uint8Array,
  importing: Promise<void>,
): Promise<Failure | undefined> {
  try {
    await importing;
  } catch (error) {
    if (!isDecodable(bytes)) return { error };
  }
  return undefined;
}
