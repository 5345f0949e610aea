// A callable object as a task: its method `run` is called, and its state travels with it.
import { registerClass } from '@multiproc/core';
import { Pool } from '@multiproc/pool';
import { isMainProcess } from '@multiproc/process';

export class Adder {
  constructor(amount) {
    this.amount = amount;
  }

  run(n) {
    return n + this.amount;
  }
}
registerClass(Adder);

if (isMainProcess()) {
  const pool = new Pool({ processes: 2 });
  const sums = await pool.map(new Adder(10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  console.log(sums.join(' '));
  pool.close();
  await pool.join();
}
