// A pipe has two ends, and each can send and receive: A sends five, then receives five, B the reverse.
import { Pipe } from '@multiproc/pipe';
import { isMainProcess, Process } from '@multiproc/process';

async function send(connection, name) {
  for (let i = 1; i <= 5; i++) await connection.send(`${i} from ${name}`);
}

async function receive(connection, name) {
  for (let i = 1; i <= 5; i++) console.log(`${name} receives ${await connection.recv()}`);
}

export async function a(connection) {
  await send(connection, 'A');
  await receive(connection, 'A');
}

export async function b(connection) {
  await receive(connection, 'B');
  await send(connection, 'B');
}

if (isMainProcess()) {
  const [left, right] = Pipe();
  new Process({ target: a, args: [left] }).start();
  new Process({ target: b, args: [right] }).start();
}
