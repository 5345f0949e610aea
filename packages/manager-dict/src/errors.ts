import { MultiprocError, registerClass } from '@multiproc/core';

/**
 * There is no such key in the dictionary (`ERR_KEY_NOT_FOUND`). Python counterpart: `KeyError`.
 */
export class KeyNotFoundError extends MultiprocError {
  static {
    try {
      registerClass(KeyNotFoundError, { name: 'multiproc.KeyNotFoundError' });
    } catch {
      // A second copy of this package has the name: errors arrive with the class of that one.
    }
  }

  /** @param message - which key, or that the dictionary is empty */
  constructor(message: string) {
    super('ERR_KEY_NOT_FOUND', message);
  }
}
