// A pool of three workers and ten tasks: never more than three run at a time.
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from '@multiproc/pool';
import { isMainProcess } from '@multiproc/process';

export async function work(number) {
  console.log(`task ${number} begins`);
  await pause(60);
  console.log(`task ${number} ends`);
}

if (isMainProcess()) {
  const pool = new Pool({ processes: 3 });
  for (let i = 0; i < 10; i++) pool.applyAsync(work, [i]);
  pool.close(); // no more tasks
  await pool.join();
  console.log('all tasks are done');
}
