import { currentFamily, type MemoryKind } from '@multiproc/core';
import type { Connection } from '@multiproc/pipe';
import type { StartMethod } from '@multiproc/process';
import { Board, elapsed } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';
import * as partners from '../fixtures/partners.js';
import { coded, FORMS, type Form, type FormName, keptPipe, start } from './kit.js';

const { DONE, GO, READY, SUM } = partners;

/** Ends a wait for news that never come. */
const GUARD = { timeout: 20_000 };

/** What every pipe promises, in one memory. */
export function pipeSuite(memory: MemoryKind): void {
  const startMethods: StartMethod[] = memory === 'process' ? ['spawn', 'thread'] : ['thread'];
  for (const [name, form] of Object.entries(FORMS)) {
    describe(`${name}, ${memory} memory`, () => {
      aloneSuite(form);
      for (const startMethod of startMethods) {
        describe(`with a partner by ${startMethod}`, () => {
          partnerSuite(form, name as FormName, startMethod);
          deathSuite(form, startMethod);
        });
      }
    });
  }
}

function aloneSuite(form: Form): void {
  it('carries values both ways, in order, and none merge or split [113, 124]', async () => {
    const [a, b] = keptPipe();
    const values = [1, 'two', { three: [3n, new Date(3)] }, null, undefined, new Map([[{}, 1]])];
    for (const value of values) await form.send(a, value);
    for (const value of values) await form.send(b, value);
    for (const value of values) expect(await form.recv(b)).toEqual(value);
    for (const value of values) expect(await form.recv(a)).toEqual(value);
    expect(await form.poll(a)).toBe(false);
  });

  it('carries a message of 16 MiB whole [113]', async () => {
    const [a, b] = keptPipe();
    const large = new Uint8Array(16 * 2 ** 20);
    for (let i = 0; i < large.length; i += 997) large[i] = i;
    await form.send(a, large);
    expect(Buffer.compare((await form.recv(b)) as Uint8Array, large)).toBe(0);
    await form.sendBytes(a, large);
    expect(Buffer.compare(await form.recvBytes(b), large)).toBe(0);
  });

  it('sends parts of bytes by offset and size, and refuses what is no part [119]', async () => {
    const [a, b] = keptPipe();
    const bytes = Buffer.from('abcdefghijklmnopqrstuvwxyz');
    const parts: [object, string][] = [
      [{}, 'abcdefghijklmnopqrstuvwxyz'],
      [{ offset: 5 }, 'fghijklmnopqrstuvwxyz'],
      [{ offset: 7, size: 8 }, 'hijklmno'],
      [{ offset: 26 }, ''],
      [{ offset: 26, size: 0 }, ''],
    ];
    for (const [options, text] of parts) {
      await form.sendBytes(a, bytes, options);
      expect((await form.recvBytes(b)).toString()).toBe(text);
    }
    const wrong = [
      { offset: 27 },
      { offset: 22, size: 5 },
      { offset: 26, size: 1 },
      { offset: -1 },
    ];
    for (const options of [...wrong, { size: -1 }, { offset: 4, size: -1 }, { size: 1.5 }]) {
      await expect(form.sendBytes(a, bytes, options)).rejects.toMatchObject(
        coded('ERR_OUT_OF_RANGE'),
      );
    }
    expect(await form.poll(b)).toBe(false);
  });

  it('receives into a buffer at an offset in bytes, and carries what does not fit [114]', async () => {
    const [a, b] = keptPipe();
    const target = new Int32Array(10);
    await form.sendBytes(a, new Int32Array([7, 8]));
    expect(await form.recvBytesInto(b, target)).toBe(8);
    await form.sendBytes(a, new Int32Array([9]));
    expect(await form.recvBytesInto(b, target, { offset: 12 })).toBe(4);
    expect([...target]).toEqual([7, 8, 0, 9, 0, 0, 0, 0, 0, 0]);
    for (const length of [41, 100_000]) {
      const message = Buffer.alloc(length, 'm');
      await form.sendBytes(a, message);
      const error = await form.recvBytesInto(b, target).catch((thrown) => thrown);
      expect(error).toMatchObject(coded('ERR_BUFFER_TOO_SHORT'));
      expect(Buffer.compare(error.bytes, message)).toBe(0);
    }
    await expect(form.recvBytesInto(b, target, { offset: 41 })).rejects.toMatchObject(
      coded('ERR_OUT_OF_RANGE'),
    );
  });

  it('poll() does not wait, poll(-1) neither, poll(t) waits, and none of them takes anything [115, 123]', async () => {
    const [a, b] = keptPipe();
    expect(await form.poll(b)).toBe(false);
    expect(await form.poll(b, { timeout: -1 })).toBe(false);
    const { result, milliseconds } = await elapsed(() => form.poll(b, { timeout: 60 }));
    expect(result).toBe(false);
    expect(milliseconds).toBeGreaterThanOrEqual(59);
    await form.send(a, 'here');
    expect(await form.poll(b)).toBe(true);
    expect(await form.poll(b, { timeout: Number.POSITIVE_INFINITY })).toBe(true);
    expect(await form.recv(b)).toBe('here');
    expect(await form.poll(b)).toBe(false);
  });

  it('an empty message counts as data until it is received [122]', async () => {
    const [a, b] = keptPipe();
    await form.sendBytes(a, new Uint8Array(0));
    expect([await form.poll(b), await form.poll(b)]).toEqual([true, true]);
    expect((await form.recvBytes(b)).length).toBe(0);
    expect(await form.poll(b)).toBe(false);
  });

  it('gives what was sent and then EOFError after the other end was closed [116, 232]', async () => {
    const [a, b] = keptPipe();
    await form.send(a, 'last');
    await form.sendBytes(a, Buffer.from('bytes'));
    a.close();
    expect(await form.poll(b)).toBe(true);
    expect(await form.recv(b)).toBe('last');
    expect((await form.recvBytes(b)).toString()).toBe('bytes');
    for (let again = 0; again < 2; again++) {
      expect(await form.poll(b, { timeout: 1000 })).toBe(true);
      await expect(form.recv(b)).rejects.toMatchObject(coded('ERR_EOF'));
      await expect(form.recvBytes(b, { timeout: 0 })).rejects.toMatchObject(coded('ERR_EOF'));
    }
  });

  it('sending to an end that is closed throws BrokenPipeError [232]', async () => {
    const [a, b] = keptPipe();
    b.close();
    await expect(form.send(a, 1)).rejects.toMatchObject(coded('ERR_BROKEN_PIPE'));
    await expect(form.sendBytes(a, new Uint8Array(100))).rejects.toMatchObject(
      coded('ERR_BROKEN_PIPE'),
    );
  });

  it('a one-way pipe goes one way [117]', async () => {
    const [reader, writer] = keptPipe({ duplex: false });
    expect([reader.readable, reader.writable]).toEqual([true, false]);
    expect([writer.readable, writer.writable]).toEqual([false, true]);
    await form.send(writer, 1);
    expect(await form.recv(reader)).toBe(1);
    const wrong = coded('ERR_CONNECTION_DIRECTION');
    await expect(form.send(reader, 2)).rejects.toMatchObject(wrong);
    await expect(form.recv(writer)).rejects.toMatchObject(wrong);
    await expect(form.poll(writer)).rejects.toMatchObject(wrong);
    await expect(form.wait([writer], { timeout: 0 })).rejects.toMatchObject(wrong);
  });

  it('refuses every use after close(), which may be called again [121]', async () => {
    const [a, b] = keptPipe();
    expect(a.closed).toBe(false);
    a.close();
    a.close();
    a[Symbol.dispose]();
    expect(a.closed).toBe(true);
    const closed = coded('ERR_CONNECTION_CLOSED');
    await expect(form.send(a, 1)).rejects.toMatchObject(closed);
    await expect(form.recv(a)).rejects.toMatchObject(closed);
    await expect(form.poll(a)).rejects.toMatchObject(closed);
    await expect(form.wait([a], { timeout: 0 })).rejects.toMatchObject(closed);
    await expect(form.send(b, a)).rejects.toThrow();
  });

  it('a message longer than maxLength stops this agent from receiving [233]', async () => {
    const [a, b] = keptPipe();
    await form.sendBytes(a, Buffer.from('short'));
    expect((await form.recvBytes(b, { maxLength: 5 })).toString()).toBe('short');
    await form.sendBytes(a, Buffer.from('longer'));
    const tooLong = coded('ERR_MESSAGE_TOO_LONG');
    await expect(form.recvBytes(b, { maxLength: 5 })).rejects.toMatchObject(tooLong);
    expect([b.readable, b.writable, b.closed]).toEqual([false, true, false]);
    await expect(form.recv(b)).rejects.toMatchObject(coded('ERR_CONNECTION_DIRECTION'));
    await form.send(b, 'still sends');
    expect(await form.recv(a)).toBe('still sends');
    const [reader, writer] = keptPipe({ duplex: false });
    await form.sendBytes(writer, Buffer.from('longer'));
    await expect(form.recvBytes(reader, { maxLength: 0 })).rejects.toMatchObject(tooLong);
    expect(reader.closed).toBe(true);
  });

  it('a call that times out takes and sends nothing', async () => {
    const [a, b] = keptPipe();
    for (const timeout of [0, -1, 30]) {
      const late = await elapsed(() => form.recv(b, { timeout }).catch((error) => error));
      expect(late.result).toMatchObject(coded('ERR_TIMEOUT'));
      expect(late.milliseconds).toBeGreaterThanOrEqual(timeout - 1);
    }
    let sent = 0;
    const fill = async (): Promise<never> => {
      for (;;) {
        await form.send(a, sent, { timeout: 0 });
        sent++;
      }
    };
    await expect(fill()).rejects.toMatchObject(coded('ERR_TIMEOUT'));
    await expect(form.send(a, 'late', { timeout: 20 })).rejects.toMatchObject(coded('ERR_TIMEOUT'));
    for (let i = 0; i < sent; i++) expect(await form.recv(b)).toBe(i);
    expect(await form.poll(b)).toBe(false);
  });

  it('holds back a sender of large messages after 1 MiB, and lets one of any size in', async () => {
    const [a, b] = keptPipe();
    const chunk = Buffer.alloc(100_000);
    let sent = 0;
    const fill = async (): Promise<never> => {
      for (;;) {
        await form.sendBytes(a, chunk, { timeout: 0 });
        sent++;
      }
    };
    await expect(fill()).rejects.toMatchObject(coded('ERR_TIMEOUT'));
    expect(sent).toBeGreaterThan(5);
    expect(sent).toBeLessThanOrEqual(11);
    for (let i = 0; i < sent; i++) await form.recvBytes(b);
    const large = Buffer.alloc(4 * 2 ** 20);
    await form.sendBytes(a, large);
    await expect(form.send(a, large, { timeout: 0 })).rejects.toMatchObject(coded('ERR_TIMEOUT'));
    expect((await form.recvBytes(b)).length).toBe(large.length);
  });

  it('what cannot travel is refused with its path, and nothing is sent', async () => {
    const [a, b] = keptPipe();
    await expect(form.send(a, { list: [() => {}] })).rejects.toMatchObject({
      code: 'ERR_ENCODE',
      path: 'value.list[0]',
    });
    expect(await form.poll(b)).toBe(false);
  });

  it('connections travel through connections, also through their own [134]', async () => {
    const [a, b] = keptPipe();
    const [c, d] = keptPipe({ duplex: false });
    await form.send(a, { reader: c, writer: d });
    const got = (await form.recv(b)) as { reader: Connection; writer: Connection };
    expect([got.reader, got.writer]).toEqual([c, d]);
    await form.send(a, a);
    await form.send(a, b);
    expect([await form.recv(b), await form.recv(b)]).toEqual([a, b]);
  });

  it('an end on its way is open, and is closed when nobody can receive it any more', async () => {
    const [a, b] = keptPipe();
    const [reader, writer] = keptPipe({ duplex: false });
    await form.send(a, writer);
    writer.close();
    expect(await form.poll(reader)).toBe(false);
    b.close();
    expect(await form.poll(reader, GUARD)).toBe(true);
    await expect(form.recv(reader)).rejects.toMatchObject(coded('ERR_EOF'));
  });

  it('nothing is left in the arena when both ends are closed, whatever was on its way', async () => {
    const { arena } = currentFamily();
    const round = async (): Promise<void> => {
      const [a, b] = keptPipe();
      const [c, d] = keptPipe();
      await form.send(a, { own: a, other: b, c, d, text: 'x'.repeat(1000) });
      await form.send(b, [a, new Uint8Array(100_000)]);
      for (let i = 0; i < 100; i++) await form.send(c, i);
      for (const end of [a, b, c, d]) end.close();
    };
    await round();
    const { used } = arena;
    for (let i = 0; i < 20; i++) await round();
    // Less, when pipes of earlier tests are collected meanwhile.
    expect(arena.used).toBeLessThanOrEqual(used);
  });

  it('a view leaves large binary data in shared memory until it is disposed of', async () => {
    const { arena, memory } = currentFamily();
    const [a, b] = keptPipe();
    const before = arena.used;
    const large = new Float64Array(50_000).fill(1.5);
    a.sendSync({ large, small: new Uint8Array(3) });
    a.sendSync({ large });
    a.sendBytesSync(large);
    const view = await form.recvView(b);
    const late = await form.recvView(b);
    const bytes = await form.recvView(b);
    expect(view.isShared).toBe(memory.kind === 'process');
    expect(view.value).toEqual({ large, small: new Uint8Array(3) });
    expect([bytes.isShared, (bytes.value as Buffer).length]).toEqual([false, 400_000]);
    view.release();
    for (const end of [a, b]) end.close();
    expect(late.value).toEqual({ large });
    late.release();
    late.release();
    expect(arena.used).toBeLessThan(before);
    await expect(form.recv(keptPipe()[0], { view: 1 } as never)).rejects.toThrow(/options.view/);
  });

  it('wait() gives those that are ready, and nothing after the time-out [127, 129]', async () => {
    const pipes = [keptPipe(), keptPipe(), keptPipe()];
    const readers = pipes.map(([reader]) => reader);
    expect(await form.wait(readers, { timeout: 0 })).toEqual([]);
    expect(await form.wait(readers, { timeout: -5 })).toEqual([]);
    const { result, milliseconds } = await elapsed(() => form.wait(readers, { timeout: 50 }));
    expect(result).toEqual([]);
    expect(milliseconds).toBeGreaterThanOrEqual(49);
    await form.send(pipes[2]?.[1] as Connection, 'news');
    pipes[0]?.[1].close();
    expect(await form.wait(readers)).toEqual([readers[0], readers[2]]);
  });
}

function partnerSuite(form: Form, name: FormName, startMethod: StartMethod): void {
  it('carries values and bytes there and back [113]', async () => {
    for (const partnerForm of ['blocking', 'awaiting'] as const) {
      const [mine, theirs] = keptPipe();
      const partner = start(startMethod, partners.echo, theirs, partnerForm);
      theirs.close();
      for (const value of [1, { a: [1, 2] }, 'x'.repeat(10_000), new Float64Array(20_000)]) {
        await form.send(mine, value);
        expect(await form.recv(mine)).toEqual(value);
      }
      mine.close();
      await partner.join();
      expect(partner.exitCode).toBe(0);
    }
    const [mine, theirs] = keptPipe();
    start(startMethod, partners.echoBytes, theirs, name);
    for (const length of [0, 1, 48, 49, 1000, 70_000, 3 * 2 ** 20]) {
      const bytes = Buffer.alloc(length, 'abc');
      await form.sendBytes(mine, bytes);
      expect(Buffer.compare(await form.recvBytes(mine), bytes)).toBe(0);
    }
  });

  it('the partner receives what was sent before both closed, and then the end [116, 118]', async () => {
    const board = new Board();
    const [reader, writer] = keptPipe({ duplex: false });
    const partner = start(startMethod, partners.sumUp, reader, name, board);
    reader.close();
    for (let i = 1; i <= 1000; i++) await form.send(writer, i);
    writer.close();
    await partner.join();
    expect(partner.exitCode).toBe(0);
    expect(board.get(DONE)).toBe(1);
    expect(board.get(SUM)).toBe(500_500);
  });

  it('many writers on one end disturb nobody: each message arrives whole, once, in order [42]', async () => {
    const [reader, writer] = keptPipe({ duplex: false });
    const [members, count] = [3, 400];
    const forms: FormName[] = ['blocking', 'awaiting', 'blocking'];
    for (let member = 0; member < members; member++) {
      start(startMethod, partners.sendMany, writer, forms[member], member, count);
    }
    writer.close();
    const next = new Array(members).fill(0);
    for (let i = 0; i < members * count; i++) {
      const message = (await form.recv(reader)) as { member: number; i: number; text: string };
      expect(message.i).toBe(next[message.member]++);
      expect(message.text).toBe('x'.repeat(message.i % 100));
    }
    await expect(form.recv(reader)).rejects.toMatchObject(coded('ERR_EOF'));
  });

  it('a waiting receiver is woken by a message, and by wait() [127]', async () => {
    const board = new Board();
    const [idle] = keptPipe();
    const [reader, writer] = keptPipe();
    start(startMethod, partners.sendWhenTold, writer, board, 'news');
    await board.until(READY, 1);
    board.set(GO, 1);
    expect(await form.wait([idle, reader])).toEqual([reader]);
    expect(await form.recv(reader)).toBe('news');
  });

  it('a connection that was sent works in the partner after it was closed here [134]', async () => {
    const [mine, theirs] = keptPipe();
    const [reader, writer] = keptPipe({ duplex: false });
    start(startMethod, partners.useReceived, theirs, name);
    await form.send(mine, writer);
    writer.close();
    expect(await form.recv(reader)).toBe('sent through a connection that was sent');
    await expect(form.recv(reader)).rejects.toMatchObject(coded('ERR_EOF'));
  });

  it('an end that the partner closes stays open here, and the other way round', async () => {
    const board = new Board();
    const [reader, writer] = keptPipe({ duplex: false });
    start(startMethod, partners.closeWhenTold, writer, board);
    await board.until(READY, 1);
    board.set(GO, 1);
    await board.until(DONE, 1);
    await form.send(writer, 'still open');
    expect(await form.recv(reader)).toBe('still open');
    expect(await form.poll(reader)).toBe(false);
    writer.close();
    await expect(form.recv(reader)).rejects.toMatchObject(coded('ERR_EOF'));
  });

  it('the partner is refused the direction that its end does not have [117]', async () => {
    const board = new Board();
    const [reader, writer] = keptPipe({ duplex: false });
    await start(startMethod, partners.tryWrongWay, reader, board).join();
    await start(startMethod, partners.tryWrongWay, writer, board).join();
    expect(board.get(DONE)).toBe(5);
  });
}

function deathSuite(form: Form, startMethod: StartMethod): void {
  it('a partner that ends normally closes its ends at once', async () => {
    const [mine, theirs] = keptPipe();
    const partner = start(startMethod, partners.leave, theirs);
    theirs.close();
    await expect(form.recv(mine, GUARD)).rejects.toMatchObject(coded('ERR_EOF'));
    await expect(form.send(mine, 1)).rejects.toMatchObject(coded('ERR_BROKEN_PIPE'));
    await partner.join();
  });

  it.each(['kill', 'terminate'] as const)(
    'an idle partner that ends by %s() closes its ends',
    async (method) => {
      const board = new Board();
      const [mine, theirs] = keptPipe();
      const partner = start(startMethod, partners.holdForEver, theirs, board);
      theirs.close();
      await board.until(READY, 1);
      await form.send(mine, 'never received');
      expect(await form.poll(mine)).toBe(false);
      partner[method]();
      await expect(form.recv(mine, GUARD)).rejects.toMatchObject(coded('ERR_EOF'));
      await expect(form.send(mine, 1)).rejects.toMatchObject(coded('ERR_BROKEN_PIPE'));
    },
  );

  it('a partner that is killed while it receives breaks the pipe for who waits for room', async () => {
    const board = new Board();
    const [mine, theirs] = keptPipe();
    const partner = start(startMethod, partners.holdForEver, theirs, board);
    theirs.close();
    await board.until(READY, 1);
    const large = Buffer.alloc(2 ** 20);
    await form.sendBytes(mine, large);
    partner.kill();
    await expect(form.sendBytes(mine, large, GUARD)).rejects.toMatchObject(
      coded('ERR_BROKEN_PIPE'),
    );
  });

  it('what a killed partner had sent is received before the end', async () => {
    const board = new Board();
    const [mine, theirs] = keptPipe();
    const partner = start(startMethod, partners.sendForEver, theirs, 'blocking', board);
    theirs.close();
    await board.until(READY, 1);
    expect(await form.recv(mine)).toBe(0);
    partner.kill();
    const receive = async (): Promise<never> => {
      for (let next = 1; ; next++) {
        expect(await form.recv(mine, GUARD)).toBe(next);
      }
    };
    await expect(receive()).rejects.toMatchObject(coded('ERR_EOF'));
  });

  it('wait() tells the end of a killed partner', async () => {
    const board = new Board();
    const [idle] = keptPipe();
    const [mine, theirs] = keptPipe();
    const partner = start(startMethod, partners.holdForEver, theirs, board);
    theirs.close();
    await board.until(READY, 1);
    partner.kill();
    expect(await form.wait([idle, mine], GUARD)).toEqual([mine]);
  });
}
