// A client thread tries three times to connect. Another thread checks the server and sets an event
// when it is up; where nobody checks, the client gives up with an error.
import { setTimeout as pause } from 'node:timers/promises';
import { Event } from '@multiproc/event';
import { getContext, isMainProcess } from '@multiproc/process';

export async function connect(isUp, server, timeout) {
  for (let attempt = 1; attempt <= 3; attempt++) {
    console.log(`${server}: attempt ${attempt}`);
    if (await isUp.wait({ timeout })) {
      console.log(`${server}: connected`);
      return;
    }
  }
  throw new Error(`${server}: connection timed out`);
}

export async function check(isUp) {
  await pause(50);
  isUp.set();
}

if (isMainProcess()) {
  const { Process } = getContext('thread');
  const isUp = new Event();
  const clients = [
    new Process({ target: connect, args: [isUp, 'good server', 20_000] }),
    new Process({ target: connect, args: [new Event(), 'bad server', 50] }),
  ];
  for (const client of clients) client.start();
  new Process({ target: check, args: [isUp] }).start();
  for (const client of clients) {
    await client.join();
    console.log(`exit code ${client.exitCode}`);
  }
}
