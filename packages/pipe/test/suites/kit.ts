import { type Connection, Pipe, wait, waitSync } from '@multiproc/pipe';
import { Process, type StartMethod } from '@multiproc/process';

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

const started: Process[] = [];

/** Starts a partner that is ended after the test. */
export function start(
  startMethod: StartMethod,
  target: (...args: never[]) => unknown,
  ...args: unknown[]
): Process {
  const partner = new Process({ target, args, startMethod });
  partner.start();
  started.push(partner);
  return partner;
}

/** Ends the partners of a test, and lets go of its silent ends. */
export async function endPartners(): Promise<void> {
  silent.length = 0;
  for (const partner of started.splice(0)) {
    if (partner.isAlive()) partner.kill();
    await partner.join();
  }
}

/** The other ends of silent ones: an end that nobody refers to is closed, and a closed peer is news. */
const silent: Connection[] = [];

/** An end that nothing ever happens to during the test. */
export function silentEnd(): Connection {
  const [end, other] = Pipe();
  silent.push(other);
  return end;
}

/** What an error with a code looks like. */
export function coded(code: string): { code: string } {
  return { code };
}
