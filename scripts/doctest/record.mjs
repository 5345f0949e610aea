// Loaded by every instrumented example, in each process and thread that runs it.
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';

const log = fileURLToPath(new URL(import.meta.url).searchParams.get('log'));

// The programs are told apart by their files: an example never sees this global of another one.
globalThis.__doctest = {
  print:
    (id) =>
    (...values) => {
      console.log(...values);
      write(id, format(...values));
    },
  value: (id, value) => write(id, format(value)),
  threw: (id, error) => write(id, `throws ${labelOf(error)}`),
};

/** A DOMException has a number for a code, which says nothing. */
function labelOf(error) {
  return typeof error?.code === 'string' ? error.code : error?.name;
}

/** One short line by one system call: processes that write at once do not mix their lines. */
function write(id, text) {
  appendFileSync(log, `${JSON.stringify({ id, text })}\n`);
}
