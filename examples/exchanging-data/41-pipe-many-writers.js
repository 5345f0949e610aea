// Ten children send through the same end of a pipe: ten whole messages arrive.
import { Pipe } from '@multiproc/pipe';
import { isMainProcess, Process } from '@multiproc/process';

export async function greet(writer, number) {
  await writer.send({ text: 'hello'.repeat(1000), number });
}

if (isMainProcess()) {
  const [reader, writer] = Pipe({ duplex: false });
  for (let i = 0; i < 10; i++) new Process({ target: greet, args: [writer, i] }).start();
  for (let i = 0; i < 10; i++) {
    const { text, number } = await reader.recv();
    console.log(`child ${number}: ${text.slice(0, 5)}, ${text.length} characters`);
  }
}
