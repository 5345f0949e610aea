import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { decode, isMultiprocError, registerClass } from '@multiproc/core';
import {
  BrokenPipeError,
  BufferTooShortError,
  Connection,
  ConnectionClosedError,
  ConnectionDirectionError,
  EOFError,
  MessageTooLongError,
  Pipe,
  wait,
  waitSync,
} from '@multiproc/pipe';
import { Board, timersRunBeside, untilCollected } from '@multiproc/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';
import { coded, keptPipe, start } from './suites/kit.js';

const { DONE, GO, READY } = partners;

/** Travels, and does not arrive. */
class Unreadable {}
registerClass(Unreadable, {
  name: 'pipe test: Unreadable',
  encode: () => 1,
  decode: () => {
    throw new Error('not here');
  },
});

/** An end whose other end nobody refers to. */
function readerOfForgotten(): Connection {
  return Pipe({ duplex: false })[0];
}

/** Sends until there is no room any more, and tells how many went in. */
function fill(end: Connection, value: unknown): number {
  for (let sent = 0; ; sent++) {
    try {
      end.sendSync(value, { timeout: 0 });
    } catch (error) {
      if (isMultiprocError(error, 'ERR_TIMEOUT')) return sent;
      throw error;
    }
  }
}

describe('Pipe', () => {
  it.each([
    ['options that are no object', 5, TypeError],
    ['a duplex that is no boolean', { duplex: 1 }, TypeError],
  ])('refuses %s', (_, options, type) => {
    expect(() => Pipe(options as never)).toThrow(type);
  });

  it('an end found again by its handle is the same object', () => {
    const [a, b] = keptPipe();
    expect(Connection.from(JSON.parse(JSON.stringify(a)))).toBe(a);
    const { handle } = b;
    b.close();
    expect(() => Connection.from(handle)).toThrow(expect.objectContaining(coded('ERR_HANDLE')));
  });

  it('an end that was closed can be received again from who still has it', async () => {
    const [a, b] = keptPipe();
    const [c, d] = keptPipe();
    a.sendSync(d);
    d.close();
    const again = b.recvSync() as Connection;
    expect(again).not.toBe(d);
    again.sendSync('hello');
    expect(await c.recv()).toBe('hello');
    again.close();
    await expect(c.recv()).rejects.toMatchObject(coded('ERR_EOF'));
  });

  it('the errors of a pipe travel as what they are', () => {
    const [a, b] = keptPipe();
    const errors = [
      new EOFError('1'),
      new BrokenPipeError('2'),
      new ConnectionClosedError('3'),
      new ConnectionDirectionError('4'),
      new BufferTooShortError('5', new Uint8Array([1, 2])),
      new MessageTooLongError('6'),
    ];
    a.sendSync(errors);
    const received = b.recvSync() as (Error & { code: string; bytes?: Uint8Array })[];
    for (const [position, error] of errors.entries()) {
      expect(received[position]).toBeInstanceOf(error.constructor);
      expect(received[position]).toMatchObject({ code: error.code, message: error.message });
    }
    expect(received[4]?.bytes).toEqual(new Uint8Array([1, 2]));
  });
});

describe('Connection', () => {
  it('recv() gives bytes as a Buffer, recvBytes() a value in its encoded form', async () => {
    const [a, b] = keptPipe();
    await a.sendBytes(new Uint16Array([1, 2]));
    expect(await b.recv()).toEqual(Buffer.from([1, 0, 2, 0]));
    await a.send({ x: [1] });
    expect(decode(await b.recvBytes())).toEqual({ x: [1] });
  });

  it('sends bytes of every kind, and refuses what has none', async () => {
    const [a, b] = keptPipe();
    const shared = new SharedArrayBuffer(100);
    new Uint8Array(shared).fill(9);
    const kinds = [
      Buffer.from('12'),
      new DataView(new ArrayBuffer(3)),
      new ArrayBuffer(60),
      shared,
    ];
    for (const bytes of kinds) {
      a.sendBytesSync(bytes);
      expect(b.recvBytesSync().length).toBe(bytes.byteLength);
    }
    for (const wrong of ['text', [1], null, 5]) {
      await expect(a.sendBytes(wrong as never)).rejects.toThrow(/bytes must be a typed array/);
      await expect(b.recvBytesInto(wrong as never)).rejects.toThrow(/target must be a typed array/);
    }
    expect(b.pollSync()).toBe(false);
  });

  it.each([
    ['a time-out in words', { timeout: 'soon' }, TypeError],
    ['a time-out that is NaN', { timeout: Number.NaN }, RangeError],
    ['a signal that is none', { signal: {} }, TypeError],
    ['options that are a number', 5, TypeError],
    ['options that are null', null, TypeError],
  ])('refuses %s everywhere, and neither takes nor sends', async (_, wrong, type) => {
    const [a, b] = keptPipe();
    a.sendSync('there');
    const options = wrong as never;
    for (const call of [
      () => b.recv(options),
      async () => b.recvSync(options),
      () => b.recvBytes(options),
      () => b.recvBytesInto(new Uint8Array(8), options),
      () => b.poll(options),
      () => b.send(1, options),
      async () => b.sendSync(1, options),
      () => b.sendBytes(new Uint8Array(1), options),
      () => wait([b], options),
    ]) {
      await expect(call()).rejects.toBeInstanceOf(type);
    }
    expect(b.recvSync()).toBe('there');
    expect(a.pollSync()).toBe(false);
  });

  it('calls of one agent receive in the order in which they were made', async () => {
    const [a, b] = keptPipe();
    const calls = Array.from({ length: 20 }, () => b.recv());
    for (let i = 0; i < 20; i++) await a.send(i);
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('sends that wait for room are not overtaken, and send what was there at the call', async () => {
    const [a, b] = keptPipe();
    const first = fill(a, 'x');
    const value = { state: 'before' };
    const waiting = a.send(value);
    value.state = 'after';
    const bytes = Buffer.from('before');
    const bytesWaiting = a.sendBytes(bytes);
    bytes.write('after!');
    const last = a.send('last');
    for (let i = 0; i < first; i++) b.recvSync();
    await Promise.all([waiting, bytesWaiting, last]);
    expect(b.recvSync()).toEqual({ state: 'before' });
    expect(b.recvBytesSync().toString()).toBe('before');
    expect(b.recvSync()).toBe('last');
  });

  it('4096 small messages fit in, one more waits', () => {
    const [a] = keptPipe();
    expect(fill(a, 1)).toBe(4096);
  });

  it('a wait that is aborted rejects with the reason, and takes nothing', async () => {
    const [a, b] = keptPipe();
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = b.recv({ signal: controller.signal });
    const next = b.recv();
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    a.sendSync('for the next');
    expect(await next).toBe('for the next');
    fill(a, 1);
    const again = new AbortController();
    const send = a.send(1, { signal: again.signal });
    again.abort(reason);
    await expect(send).rejects.toBe(reason);
  });

  it('close() refuses the calls that wait, and iteration ends', async () => {
    const [a, b] = keptPipe();
    const receiving = b.recv();
    const polling = b.poll({ timeout: 20_000 });
    const waiting = wait([b]);
    const iterating = (async () => {
      for await (const _ of b) expect.unreachable();
    })();
    fill(b, 1);
    const sending = b.send(2);
    b.close();
    for (const call of [receiving, polling, waiting, sending]) {
      await expect(call).rejects.toMatchObject(coded('ERR_CONNECTION_CLOSED'));
    }
    await iterating;
    await expect(a.send(1)).rejects.toMatchObject(coded('ERR_BROKEN_PIPE'));
  });

  it('close() of the other end in the same thread wakes those who wait', async () => {
    const [a, b] = keptPipe();
    fill(b, 1);
    const calls = [b.recv(), b.recv(), b.send(1)];
    const outcomes = Promise.allSettled(calls);
    let isSettled = false;
    void outcomes.then(() => {
      isSettled = true;
    });
    a.close();
    // Turns of the event loop, and not the interval of 100 ms at which waiters look around.
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isSettled).toBe(true);
    const codes = (await outcomes).map((outcome) => (outcome as PromiseRejectedResult).reason.code);
    expect(codes).toEqual(['ERR_EOF', 'ERR_EOF', 'ERR_BROKEN_PIPE']);
  });

  it('an agent that ends normally closes what it has open before it leaves the family', async () => {
    const board = new Board();
    const [mine, theirs] = keptPipe();
    for (const startMethod of ['spawn', 'thread'] as const) {
      await start(startMethod, partners.bidFarewell, theirs, board).join();
    }
    expect(board.get(DONE)).toBe(2);
    mine.close();
  });

  it('iteration gives every message and ends with the pipe', async () => {
    const [reader, writer] = keptPipe({ duplex: false });
    for (let i = 0; i < 5; i++) writer.sendSync(i);
    writer.close();
    const seen: unknown[] = [];
    for await (const message of reader) seen.push(message);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('a loop over messages that are ready lets timers run', async () => {
    const [a, b] = keptPipe();
    const step = async () => {
      await a.send(1);
      await b.recv();
    };
    expect(await timersRunBeside(step)).toBe(true);
  });

  it('a message that cannot be decoded is lost alone', async () => {
    const [a, b] = keptPipe();
    a.sendSync(new Unreadable());
    a.sendSync('next');
    await expect(b.recv()).rejects.toMatchObject(coded('ERR_DECODE'));
    expect(await b.recv()).toBe('next');
  });

  it('is inspected by what it can do', () => {
    const [reader, writer] = keptPipe({ duplex: false });
    const { inspect } = process.getBuiltinModule('node:util');
    expect(inspect(reader)).toMatch(/^Connection \{ receives, /);
    expect(inspect(writer)).toMatch(/^Connection \{ sends, /);
    writer.close();
    expect(inspect(writer)).toMatch(/disposed/);
  });

  it('what was sent is received in order, whatever is sent how, against a plain list', async () => {
    const message = fc.oneof(
      fc.record({ kind: fc.constant('value'), value: fc.jsonValue() }),
      fc.record({ kind: fc.constant('bytes'), value: fc.uint8Array({ maxLength: 200 }) }),
    );
    const step = fc.oneof(message, fc.constant({ kind: 'recv', value: null }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, blocking) => {
        const [a, b] = keptPipe();
        const expected: unknown[] = [];
        const receive = async (): Promise<void> => {
          expect(b.pollSync()).toBe(expected.length > 0);
          if (expected.length === 0) return;
          const received = blocking ? b.recvSync() : await b.recv();
          expect(received).toEqual(expected.shift());
        };
        for (const { kind, value } of steps) {
          if (kind === 'recv') await receive();
          else if (kind === 'bytes') {
            const bytes = Buffer.from(value as Uint8Array);
            expected.push(bytes);
            if (blocking) a.sendBytesSync(bytes);
            else await a.sendBytes(bytes);
          } else {
            expected.push(value);
            if (blocking) a.sendSync(value);
            else await a.send(value);
          }
        }
        a.close();
        while (expected.length > 0) await receive();
        expect(() => b.recvSync()).toThrow(expect.objectContaining(coded('ERR_EOF')));
        b.close();
      }),
      { numRuns: 100 },
    );
  });

  it('ends that nobody refers to any more are closed and freed by garbage collection', async () => {
    const reader = readerOfForgotten();
    await untilCollected(() => reader.pollSync(), 'the collected end is seen as closed');
    await expect(reader.recv()).rejects.toMatchObject(coded('ERR_EOF'));
  });
});

describe('wait', () => {
  it('tells sentinels and sockets beside connections [128]', async () => {
    const board = new Board();
    const [idle] = keptPipe();
    const partner = start('spawn', partners.sendWhenTold, keptPipe()[0], board, 1);
    const server = createServer((socket) => socket.write('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const socket: Socket = connect(port, '127.0.0.1');
    const things = [idle, partner.sentinel, socket];
    expect(await wait(things)).toEqual([socket]);
    expect(socket.read()?.toString()).toBe('hello');
    expect(await wait(things, { timeout: 20 })).toEqual([]);
    board.set(GO, 1);
    expect(await wait(things)).toEqual([partner.sentinel]);
    socket.destroy();
    expect(await wait(things, { timeout: 0 })).toEqual([partner.sentinel, socket]);
    expect(socket.listenerCount('readable')).toBe(0);
    server.close();
  });

  it('blocks for sentinels and connections [128]', async () => {
    const board = new Board();
    const [idle] = keptPipe();
    const partner = start('spawn', partners.holdForEver, idle, board);
    await board.until(READY, 1);
    expect(waitSync([idle, partner.sentinel], { timeout: 20 })).toEqual([]);
    partner.kill();
    expect(waitSync([partner.sentinel, idle], { timeout: 20_000 })).toEqual([partner.sentinel]);
  });

  it('a blocking wait leaves nothing behind that keeps an awaiting one from being woken', async () => {
    const board = new Board();
    const [mine, theirs] = keptPipe();
    const [idle] = keptPipe();
    start('spawn', partners.echo, theirs, 'blocking');
    for (let round = 0; round < 200; round++) {
      const received = mine.recv();
      await mine.send(round);
      waitSync([idle], { timeout: 1 });
      expect(await received).toBe(round);
    }
    board[Symbol.dispose]();
  });

  it('an aborted wait rejects with the reason', async () => {
    const [a] = keptPipe();
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = wait([a], { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(wait([a], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('an empty list needs a time-out', async () => {
    expect(await wait([], { timeout: 5 })).toEqual([]);
    expect(waitSync([], { timeout: 5 })).toEqual([]);
    await expect(wait([])).rejects.toMatchObject(coded('ERR_OUT_OF_RANGE'));
  });

  it('refuses what cannot be waited for', async () => {
    for (const wrong of [5, null, {}, 'text']) {
      await expect(wait([wrong as never])).rejects.toThrow(/things\[0\] must be/);
    }
    await expect(wait(5 as never)).rejects.toThrow(/things must be an array/);
    const socket = new (await import('node:net')).Socket();
    expect(() => waitSync([socket as never])).toThrow(/things\[0\].*awaiting form/);
    expect(socket.listenerCount('readable')).toBe(0);
  });
});

describe('streams', () => {
  it('carry values from one process to another, with back-pressure', async () => {
    const [mine, theirs] = keptPipe();
    start('spawn', partners.echo, theirs, 'awaiting');
    theirs.close();
    const values = Array.from({ length: 10_000 }, (_, i) => ({ i }));
    const writable = mine.toWritable();
    const readable = mine.toReadable();
    const writing = pipeline(values, writable);
    let next = 0;
    for await (const { i } of readable) {
      expect(i).toBe(next++);
      if (next === values.length) break;
    }
    await writing;
    expect(mine.closed).toBe(false);
    mine.close();
  });

  it('a writable that finishes closes a one-way end, and the readable ends', async () => {
    const [reader, writer] = keptPipe({ duplex: false });
    const received = reader.toReadable({ bytes: true }).toArray();
    const writable = writer.toWritable({ bytes: true });
    writable.write('text');
    writable.write(Buffer.from([1, 2]));
    writable.write('');
    writable.end();
    expect(Buffer.concat(await received)).toEqual(Buffer.from('text\x01\x02'));
    expect(writer.closed).toBe(true);
  });

  it('destroying a readable takes no message', async () => {
    const [a, b] = keptPipe();
    const readable = b.toReadable();
    const closed = new Promise((resolve) => readable.once('close', resolve));
    readable.once('readable', () => {});
    await new Promise((resolve) => setImmediate(resolve));
    readable.destroy();
    await closed;
    a.sendSync('still there');
    expect(await b.recv()).toBe('still there');
  });

  it('say what they cannot do', async () => {
    const [a, b] = keptPipe();
    a.sendSync(null);
    await expect(b.toReadable().toArray()).rejects.toThrow(/null/);
    expect(() => a.toReadable({ bytes: 1 as never })).toThrow(/options.bytes must be a boolean/);
    expect(() => a.toWritable({ close: 1 as never })).toThrow(/options.close must be a boolean/);
    const writable = a.toWritable();
    const failed = new Promise((resolve) => writable.once('error', resolve));
    b.close();
    writable.write(1);
    expect(await failed).toMatchObject(coded('ERR_BROKEN_PIPE'));
  });
});

it('later calls go behind those that wait, though they need not wait themselves', async () => {
  const [left, right] = Pipe();
  const first = right.recv();
  left.sendSync(1);
  left.sendSync(2);
  expect(await Promise.all([first, right.recv()])).toEqual([1, 2]);
  let sent = 0;
  const isFull = () => {
    try {
      left.sendSync(sent, { timeout: 0 });
      sent++;
      return false;
    } catch {
      return true;
    }
  };
  while (!isFull());
  const early = left.send('early');
  expect(right.recvSync()).toBe(0);
  const late = left.send('late');
  for (let number = 1; number < sent; number++) expect(await right.recv()).toBe(number);
  await Promise.all([early, late]);
  expect([await right.recv(), await right.recv()]).toEqual(['early', 'late']);
  left.close();
  right.close();
});
