import { type AnyClass, MultiprocError, registerClass } from '@multiproc/core';

/** Lets an error class travel; a second copy of this package keeps to the brand and the code. */
function travels(cls: AnyClass<Error>): void {
  try {
    registerClass(cls, { name: `multiproc.${cls.name}` });
  } catch {
    // Another copy has the name: then errors arrive with the class of that one.
  }
}

/**
 * There is nothing left to receive, and nobody can send any more: every holder of the other end
 * has closed it or died (`ERR_EOF`). Python counterpart: `EOFError`.
 */
export class EOFError extends MultiprocError {
  /** @param message - which end, and why nothing will come */
  constructor(message: string) {
    super('ERR_EOF', message);
  }
}

/**
 * A message was sent and nobody can receive it any more: every holder of the other end has closed
 * it or died (`ERR_BROKEN_PIPE`). Python counterpart: `BrokenPipeError`.
 */
export class BrokenPipeError extends MultiprocError {
  /** @param message - which end, and why nobody would receive */
  constructor(message: string) {
    super('ERR_BROKEN_PIPE', message);
  }
}

/**
 * A connection was used after this agent had closed it (`ERR_CONNECTION_CLOSED`). Python
 * counterpart: the `OSError` "handle is closed".
 */
export class ConnectionClosedError extends MultiprocError {
  /** @param message - what was tried */
  constructor(message: string) {
    super('ERR_CONNECTION_CLOSED', message);
  }
}

/**
 * A connection was used in a direction that it does not have (`ERR_CONNECTION_DIRECTION`). Python
 * counterpart: the `OSError` "connection is read-only" or "connection is write-only".
 */
export class ConnectionDirectionError extends MultiprocError {
  /** @param message - what was tried, and which directions there are */
  constructor(message: string) {
    super('ERR_CONNECTION_DIRECTION', message);
  }
}

/**
 * The message does not fit into the buffer that `recvBytesInto` was given (`ERR_BUFFER_TOO_SHORT`).
 * The message was taken and is carried by the error. Python counterpart: `BufferTooShort`, with the
 * message in `args[0]`.
 */
export class BufferTooShortError extends MultiprocError {
  /** The whole message. */
  readonly bytes: Uint8Array;

  /**
   * @param message - how long the message is, and how much room there was
   * @param bytes - the whole message
   */
  constructor(message: string, bytes: Uint8Array) {
    super('ERR_BUFFER_TOO_SHORT', message);
    this.bytes = bytes;
  }
}

/**
 * A message is longer than `recvBytes` was willing to take (`ERR_MESSAGE_TOO_LONG`). The connection
 * cannot be read any more. Python counterpart: the `OSError` "bad message length".
 */
export class MessageTooLongError extends MultiprocError {
  /** @param message - how long the message is, and how long it may be */
  constructor(message: string) {
    super('ERR_MESSAGE_TOO_LONG', message);
  }
}

for (const cls of [
  EOFError,
  BrokenPipeError,
  ConnectionClosedError,
  ConnectionDirectionError,
  BufferTooShortError,
  MessageTooLongError,
]) {
  travels(cls);
}
