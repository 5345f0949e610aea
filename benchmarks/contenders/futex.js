import { createRequire } from 'node:module';

const WAIT = 0;
const WAKE = 1;
/** Number of the system call, by architecture. */
const FUTEX = { x64: 202, arm64: 98 };

/** Opens a file as shared words that processes sleep on, or tells why not. */
export function openWords(fd, length) {
  if (process.platform !== 'linux') return 'there is no futex on this platform';
  let koffi;
  try {
    koffi = createRequire(import.meta.url)('koffi');
  } catch {
    return 'koffi is not installed';
  }
  const libc = koffi.load(null);
  const mmap = libc.func('mmap', 'void *', ['void *', 'size_t', 'int', 'int', 'int', 'int64']);
  const address = mmap(null, length, 3, 1, fd, 0);
  const words = new Int32Array(koffi.view(address, length));
  const parameters = ['long', 'void *', 'int', 'int', 'void *', 'void *', 'int'];
  const syscall = libc.func('syscall', 'long', parameters);
  const call = (word, operation, value) => {
    const at = BigInt(address) + BigInt(word * 4);
    syscall(FUTEX[process.arch], at, operation, value, null, null, 0);
  };
  return {
    words,
    wait: (word, value) => call(word, WAIT, value),
    wake: (word) => call(word, WAKE, 1),
  };
}
