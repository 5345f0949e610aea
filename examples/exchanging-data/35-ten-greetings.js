// Ten processes put a greeting each into a queue, and the parent collects them.
import { isMainProcess, Process } from '@multiproc/process';
import { Queue } from '@multiproc/queue';

export async function greet(queue, number) {
  await queue.put({ text: `hello from child ${number}`, pid: process.pid });
}

if (isMainProcess()) {
  const queue = new Queue();
  for (let i = 0; i < 10; i++) new Process({ target: greet, args: [queue, i] }).start();
  for (let i = 0; i < 10; i++) {
    const { text, pid } = await queue.get();
    console.log(`${text}, process ${pid}`);
  }
}
