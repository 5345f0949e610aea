// An error in a child is printed there with its stack, and the exit code is 1. An error in a task of a
// pool is thrown to whoever asked for the result, with its class, its own fields and its cause.
import { registerClass } from '@multiproc/core';
import { Pool } from '@multiproc/pool';
import { isMainProcess, Process } from '@multiproc/process';

export class OrderError extends Error {
  name = 'OrderError';

  constructor(number, cause) {
    super(`order ${number} cannot be read`, { cause });
    this.number = number;
  }
}
registerClass(OrderError);

export function read(number, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OrderError(number, error);
  }
}

if (isMainProcess()) {
  const child = new Process({ target: read, args: [7, '{ item:'] });
  child.start();
  await child.join();
  console.log(`exit code: ${child.exitCode}`);

  const pool = new Pool({ processes: 1 });
  try {
    await pool.apply(read, [8, '{ item:']);
  } catch (error) {
    console.log(`caught: ${error.name}: ${error.message}`);
    console.log(`an OrderError: ${error instanceof OrderError}, its number: ${error.number}`);
    console.log(`its cause: ${error.cause.name}`);
  }
  pool.close();
  await pool.join();
}
