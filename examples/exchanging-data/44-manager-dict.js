// A dictionary that ten children fill with squares.
import { ManagerDict } from '@multiproc/manager-dict';
import { isMainProcess, Process } from '@multiproc/process';

export function square(squares, i) {
  squares.set(i, i * i);
}

if (isMainProcess()) {
  const squares = new ManagerDict();
  const children = Array.from(
    { length: 10 },
    (_, i) => new Process({ target: square, args: [squares, i] }),
  );
  for (const child of children) child.start();
  for (const child of children) await child.join();
  console.log(`${squares.size} entries`);
  for (const [i, squared] of [...squares].sort(([a], [b]) => a - b)) {
    console.log(`${i} → ${squared}`);
  }
}
