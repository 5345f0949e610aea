import { ArgumentTypeError, checkOptions } from '@multiproc/core';
import { Connection } from './connection.js';
import { Mailbox } from './mailbox.js';
import { NO_OPTIONS, type PipeOptions } from './options.js';
import { READS, WRITES } from './token.js';

/**
 * Makes a pipe: two connected ends. Either may be given to other threads and processes, as an
 * argument, in a message or in any other value.
 *
 * Messages arrive whole, once each, and in the order in which one agent sent them. Any number of
 * agents may use the same end at the same time, each message goes to one of them. In each direction
 * 4096 messages, or as many as fill 1 MiB, may wait to be received; then sending waits.
 *
 * Python counterpart: `multiprocessing.Pipe`. Differences: several agents may write to the same
 * end; an end that was sent on is open until its receiver closes it, without a look at who forked.
 *
 * @param options - `duplex`: whether both ends send and receive
 * @returns the two ends. With `duplex: false` the first only receives and the second only sends
 * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArenaFullError (`ERR_ARENA_FULL`)
 *
 * @example
 * ```ts
 * import { Pipe } from '@multiproc/pipe';
 *
 * const [a, b] = Pipe();
 * await a.send({ hello: 'world' });
 * console.log(await b.recv()); // → { hello: 'world' }
 * ```
 */
export function Pipe(options: PipeOptions = NO_OPTIONS): [Connection, Connection] {
  checkOptions(options);
  const { duplex = true } = options;
  if (typeof duplex !== 'boolean') {
    throw new ArgumentTypeError('options.duplex', 'a boolean', duplex);
  }
  const toFirst = new Mailbox();
  const toSecond = duplex ? new Mailbox() : undefined;
  const mode = READS | WRITES;
  const first = new Connection({ mode: duplex ? mode : READS, inbox: toFirst, outbox: toSecond });
  try {
    const second = new Connection({
      mode: duplex ? mode : WRITES,
      inbox: toSecond,
      outbox: toFirst,
      peer: first,
    });
    return [first, second];
  } catch (error) {
    first.close();
    throw error;
  }
}
