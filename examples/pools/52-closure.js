// A function that no module exports cannot be found by another process: it is refused at the call,
// and the message says where it is and what to do instead.
import { Pool } from '@multiproc/pool';
import { isMainProcess } from '@multiproc/process';

if (isMainProcess()) {
  const factor = 3;
  const pool = new Pool({ processes: 2 });
  try {
    await pool.map((n) => n * factor, [1, 2, 3]);
  } catch (error) {
    console.log(`${error.code}: ${error.message}`);
  }
  pool.terminate();
  await pool.join();
}
