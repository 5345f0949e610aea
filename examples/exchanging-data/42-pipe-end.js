// When nobody has the other end open any more, `recv` gives the messages that were sent, then `EOFError`.
import { EOFError, Pipe } from '@multiproc/pipe';
import { isMainProcess, Process } from '@multiproc/process';

export async function count(writer) {
  for (let i = 1; i <= 3; i++) await writer.send(i);
  writer.close();
}

if (isMainProcess()) {
  const [reader, writer] = Pipe({ duplex: false });
  new Process({ target: count, args: [writer] }).start();
  writer.close(); // the parent's own hold of that end
  try {
    while (true) console.log(`received ${await reader.recv()}`);
  } catch (error) {
    if (!(error instanceof EOFError)) throw error;
    console.log('the end');
  }
}
