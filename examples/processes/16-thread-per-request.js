// The same server, and a UDP one, with a thread instead of a process for each request.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { threadId } from 'node:worker_threads';
import { getContext, isMainProcess } from '@multiproc/process';

export function serveConnection(socket) {
  socket.on('data', (data) => socket.write(`${String(data).toUpperCase()} (thread ${threadId})`));
}

export function answerDatagram(text, port) {
  const socket = createSocket('udp4');
  const answer = `${text.toUpperCase()} (thread ${threadId})`;
  socket.send(answer, port, '127.0.0.1', () => socket.close());
}

if (isMainProcess()) {
  const threads = getContext('thread');

  const tcp = createServer({ pauseOnConnect: true }, (socket) => {
    new threads.Process({ target: serveConnection, args: [socket] }).start();
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');

  const udp = createSocket('udp4', (data, { port }) => {
    new threads.Process({ target: answerDatagram, args: [String(data), port] }).start();
  });
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');

  for (const text of ['one', 'two']) {
    const client = connect(tcp.address().port, '127.0.0.1');
    client.write(text);
    const [answer] = await once(client, 'data');
    console.log(`TCP: ${answer}`);
    client.end();
  }
  const client = createSocket('udp4');
  for (const text of ['three', 'four']) {
    client.send(text, udp.address().port, '127.0.0.1');
    const [answer] = await once(client, 'message');
    console.log(`UDP: ${answer}`);
  }
  client.close();
  udp.close();
  tcp.close();
}
