// A one-way pipe: the first end only receives, the second only sends.
import { Pipe } from '@multiproc/pipe';
import { isMainProcess, Process } from '@multiproc/process';

export async function talk(writer) {
  await writer.send('hello');
  try {
    await writer.recv();
  } catch (error) {
    console.log(`the writer cannot receive: ${error.code}`);
  }
}

if (isMainProcess()) {
  const [reader, writer] = Pipe({ duplex: false });
  const child = new Process({ target: talk, args: [writer] });
  child.start();
  console.log(await reader.recv());
  await child.join();
  try {
    await reader.send('hello');
  } catch (error) {
    console.log(`the reader cannot send: ${error.code}`);
  }
}
