import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Process, type ProcessOptions } from '@multiproc/process';
import { within } from '@multiproc/testing';
import { afterEach, describe, expect, it } from 'vitest';
import * as targets from './fixtures/socket-targets.js';

const LIMIT = 20_000;
/** Not a name: where that has two addresses, a slow connection is made a second time. */
const HOST = '127.0.0.1';
const open: { close(): void }[] = [];
const started: Process[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  for (const process of started.splice(0)) {
    process.kill();
    await process.join();
  }
});

async function listening(path?: string, pauseOnConnect = true): Promise<Server> {
  const server = createServer({ pauseOnConnect });
  open.push(server);
  server.listen(path === undefined ? { port: 0, host: HOST } : { path });
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Both ends of a new connection: the client's, and the paused one of the server. */
async function connection(): Promise<{ client: Socket; socket: Socket }> {
  const server = await listening();
  const client = connect(portOf(server), HOST);
  const [socket] = (await once(server, 'connection')) as [Socket];
  return { client, socket };
}

function start(
  startMethod: 'spawn' | 'thread',
  target: ProcessOptions['target'],
  ...args: unknown[]
): Process {
  const process = new Process({ target, args, startMethod });
  process.start();
  started.push(process);
  return process;
}

async function said(client: Socket): Promise<string> {
  let text = '';
  client.on('data', (data) => {
    text += data;
  });
  await within(LIMIT, once(client, 'close'), 'the connection is closed');
  return text;
}

describe.each(['spawn', 'thread'] as const)(
  'as an argument of a process started by %s',
  (method) => {
    it('a TCP connection is served by the child, and closed here', async () => {
      const { client, socket } = await connection();
      client.write('hello');
      const child = start(method, targets.echo, socket, 'echo');
      expect(socket.destroyed).toBe(true);
      expect(await said(client)).toBe('echo hello');
      await child.join();
      expect(child.exitCode).toBe(0);
    });

    it('a local connection, too', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'process-test-'));
      open.push({ close: () => rmSync(folder, { recursive: true }) });
      const path = join(folder, 'local.sock');
      const server = await listening(path);
      const client = connect(path);
      const [socket] = (await once(server, 'connection')) as [Socket];
      client.write('hello');
      start(method, targets.echo, socket, 'local');
      expect(await said(client)).toBe('local hello');
    });

    it('one socket twice is one socket', async () => {
      const { client, socket } = await connection();
      start(method, targets.twice, socket, [socket]);
      expect(await said(client)).toBe('true');
    });

    it('a server accepts in the child, while it stays open here until it is closed', async () => {
      const server = await listening(undefined, false);
      const port = portOf(server);
      const child = start(method, targets.serve, server, 'child');
      expect(server.listening).toBe(true);
      // Both listen to the same port, and whoever is faster accepts: here that must be the child.
      server.close();
      const client = connect(port, HOST);
      client.write('hello');
      expect(await said(client)).toBe('child hello');
      await within(LIMIT, child.join(), 'the end of the child');
      expect(child.exitCode).toBe(0);
    });

    it('a server may carry HTTP in the child', async () => {
      const server = await listening(undefined, false);
      const port = portOf(server);
      start(method, targets.serveHttp, server);
      server.close();
      const [response] = await within(
        LIMIT,
        once(get({ host: HOST, port, path: '/x' }), 'response'),
        'response',
      );
      expect((await response.toArray()).join('')).toBe('served /x');
    });

    it('a datagram socket is bound to the same port', async () => {
      const server = createSocket('udp4');
      server.bind(0, HOST);
      await once(server, 'listening');
      const { port } = server.address();
      const child = start(method, targets.answerDatagram, server);
      server.close();
      const client = createSocket('udp4');
      open.push(client);
      client.send('hi', port, HOST);
      const [data] = await within(LIMIT, once(client, 'message'), 'the answer');
      expect(String(data)).toBe('got hi');
      await within(LIMIT, child.join(), 'the end of the child');
    });

    it('a child that is killed before it serves closes the connection', async () => {
      const { client, socket } = await connection();
      const text = said(client);
      start(method, targets.echo, socket, 'never').kill();
      expect(await text).toBe('');
    });

    it('a socket that has received something already is refused, and stays here', async () => {
      const { client, socket } = await connection();
      client.write('early');
      socket.resume();
      socket.pause();
      socket.read(0);
      await once(socket, 'readable');
      expect(socket.readableLength).toBeGreaterThan(0);
      const process = new Process({ target: targets.echo, args: [socket], startMethod: method });
      expect(() => process.start()).toThrow(/args\[0\] cannot travel.*pauseOnConnect: true/s);
      expect(socket.destroyed).toBe(false);
      socket.destroy();
      client.destroy();
    });
  },
);
