// `apply` gives one result after the other, `applyAsync` runs tasks together: their results come
// through `get()` or to a callback.
import { Pool } from '@multiproc/pool';
import { isMainProcess } from '@multiproc/process';

export function square(n) {
  return n * n;
}

if (isMainProcess()) {
  const pool = new Pool({ processes: 2 });

  for (const n of [1, 2, 3]) console.log(`${n} squared is ${await pool.apply(square, [n])}`);

  const results = [4, 5, 6].map((n) => pool.applyAsync(square, [n]));
  for (const result of results) console.log(await result.get());

  pool.applyAsync(square, [7], { callback: (value) => console.log(`callback: ${value}`) });
  pool.close();
  await pool.join();
}
