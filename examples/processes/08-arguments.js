// Arguments by position for one child, by name for another: `kwargs` is the last argument.
import { isMainProcess, Process } from '@multiproc/process';

export function greet(greeting, name) {
  console.log(`${greeting} ${name}, by position`);
}

export function greetNamed({ greeting, name }) {
  console.log(`${greeting} ${name}, by name`);
}

if (isMainProcess()) {
  const children = [
    new Process({ target: greet, args: ['hello', 'Ada'] }),
    new Process({ target: greetNamed, kwargs: { name: 'Ben', greeting: 'good morning' } }),
  ];
  for (const child of children) child.start();
  for (const child of children) await child.join();
}
