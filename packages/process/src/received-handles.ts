import type { Socket as DatagramSocket, SocketOptions } from 'node:dgram';
import type { Server, ServerOpts, Socket, SocketConstructorOpts } from 'node:net';
import type { HandleFacts } from './start-message.js';

/**
 * Makes the socket or server for a descriptor that came with the start message.
 *
 * @param facts - what it is
 * @returns a socket that is connected, or a server that listens as soon as the event loop turns
 */
export function receiveHandle(facts: HandleFacts): Socket | Server | DatagramSocket {
  const { kind, fd, options } = facts;
  if (kind === 'datagram') {
    const dgram = process.getBuiltinModule('node:dgram');
    const socket = dgram.createSocket(options as unknown as SocketOptions);
    socket.bind({ fd } as never);
    return socket;
  }
  const net = process.getBuiltinModule('node:net');
  if (kind === 'socket') {
    return new net.Socket({
      ...(options as SocketConstructorOpts),
      fd,
      readable: true,
      writable: true,
    });
  }
  const server = net.createServer(options as ServerOpts);
  server.listen({ fd });
  return server;
}
