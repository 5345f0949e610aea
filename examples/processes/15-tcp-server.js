// A TCP server that answers in capitals and gives each connection to a process of its own.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { isMainProcess, Process } from '@multiproc/process';

export function serve(socket) {
  socket.write(`served by ${process.pid}\n`);
  socket.on('data', (data) => socket.write(String(data).toUpperCase()));
}

/** Says something and prints the answer. */
async function ask(client, text) {
  client.write(text);
  const [answer] = await once(client, 'data');
  console.log(`${text} → ${answer}`);
}

if (isMainProcess()) {
  // Paused, so that whoever gets the connection also gets all that was sent to it.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    new Process({ target: serve, args: [socket] }).start();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const clients = [1, 2].map(() => connect(server.address().port, '127.0.0.1'));
  const hellos = await Promise.all(clients.map((client) => once(client, 'data')));
  for (const [hello] of hellos) process.stdout.write(hello);
  await ask(clients[0], 'hello');
  await ask(clients[1], 'good morning');
  await ask(clients[0], 'bye');

  for (const client of clients) client.end();
  server.close();
}
