import { type Connection, Pipe, type PipeOptions, wait, waitSync } from '@multiproc/pipe';
import { Process, type StartMethod } from '@multiproc/process';
import { partnersOf } from '@multiproc/testing/suites';
import { afterEach } from 'vitest';

type Options = { timeout?: number; signal?: AbortSignal };

/** Both forms of every method, so that one test runs for each. */
export const FORMS = {
  awaiting: {
    send: (end: Connection, value: unknown, options: Options = {}) => end.send(value, options),
    recv: (end: Connection, options: Options = {}) => end.recv(options),
    recvView: (end: Connection) => end.recv({ view: true }),
    sendBytes: (end: Connection, ...args: Parameters<Connection['sendBytes']>) =>
      end.sendBytes(...args),
    recvBytes: (end: Connection, ...args: Parameters<Connection['recvBytes']>) =>
      end.recvBytes(...args),
    recvBytesInto: (end: Connection, ...args: Parameters<Connection['recvBytesInto']>) =>
      end.recvBytesInto(...args),
    poll: (end: Connection, ...args: Parameters<Connection['poll']>) => end.poll(...args),
    wait: (ends: Connection[], options: Options = {}) => wait(ends, options),
  },
  blocking: {
    send: async (end: Connection, value: unknown, options: Options = {}) =>
      end.sendSync(value, options),
    recv: async (end: Connection, options: Options = {}) => end.recvSync(options),
    recvView: async (end: Connection) => end.recvSync({ view: true }),
    sendBytes: async (end: Connection, ...args: Parameters<Connection['sendBytes']>) =>
      end.sendBytesSync(...args),
    recvBytes: async (end: Connection, ...args: Parameters<Connection['recvBytes']>) =>
      end.recvBytesSync(...args),
    recvBytesInto: async (end: Connection, ...args: Parameters<Connection['recvBytesInto']>) =>
      end.recvBytesIntoSync(...args),
    poll: async (end: Connection, ...args: Parameters<Connection['poll']>) => end.pollSync(...args),
    wait: async (ends: Connection[], options: Options = {}) => waitSync(ends, options),
  },
};

/** Name of a form. */
export type FormName = keyof typeof FORMS;

/** One form. */
export type Form = (typeof FORMS)['awaiting'];

const kept: Connection[] = [];

afterEach(() => {
  for (const end of kept.splice(0)) end.close();
});

/**
 * A pipe whose ends stay open until the test closes them, or is over. An end of another pipe may be
 * collected once the test has no more use for it, and its peer hears then that it is closed.
 */
export function keptPipe(options?: PipeOptions): [Connection, Connection] {
  const ends = Pipe(options);
  kept.push(...ends);
  return ends;
}

/** Starts partners that are ended after the test, before its pipes are closed. */
export const { start } = partnersOf<StartMethod, Process>(Process);

/** What an error with a code looks like. */
export function coded(code: string): { code: string } {
  return { code };
}
