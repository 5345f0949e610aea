import { endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { type Call, type Koffi, loadKoffi } from './koffi.js';
import type { Native, Pipe } from './native.js';
import { nativeGate } from './native-gate.js';

const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
const F_SETFD = 2;
const F_SETFL = 4;
const F_SETOWN = 8;
const F_SETSIG = 10;
const F_DUPFD_CLOEXEC = 1030;
const F_ADD_SEALS = 1033;
const F_SEAL_SHRINK = 2;
const FD_CLOEXEC = 1;
const O_NONBLOCK = 0o4000;
const O_ASYNC = 0o20000;
const O_CLOEXEC = 0o2000000;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const FALLOC_PUNCH_HOLE_KEEP_SIZE = 3;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const POLLIN = 1;
const P_PID = 1;
const WNOHANG_WEXITED = 5;
const WNOWAIT = 0x01000000;
const CLD_EXITED = 1;
const SIGKILL = 9;
const EINTR = 4;

/** Numbers of system calls without a wrapper in every libc. Process memory needs an entry here. */
const SYSCALLS: Partial<Record<NodeJS.Architecture, { futex: number; pidfdOpen: number }>> = {
  x64: { futex: 202, pidfdOpen: 434 },
  arm64: { futex: 98, pidfdOpen: 434 },
};

/** What glibc learns from is 32 MiB at the most, with its own words and whole pages. */
const LARGEST_KEPT = 31 * 2 ** 20;

/** {@link Native} for Linux. Each libc function is bound when it is first called. */
export class LinuxNative implements Native {
  /** Path of koffi's binary; `undefined` when it is not known. */
  readonly binary: string | undefined;
  readonly #koffi: Koffi;
  readonly #numbers: { futex: number; pidfdOpen: number };
  readonly #bound = new Map<string, Call>();
  readonly #libc;
  /** Reused argument of every futex wait: seconds, nanoseconds. */
  readonly #timespec = new BigInt64Array(2);
  /** Reused argument of every poll: descriptor, then events and returned events. */
  readonly #pollfd = new Int32Array(2);
  readonly #siginfo = new Int32Array(32);
  readonly #pipe = new Int32Array(2);

  /**
   * Returns the provider, or the reason why there is none here.
   *
   * @param binary - path of koffi's binary, where another agent has found it
   */
  static load(binary: string | undefined): LinuxNative | string {
    const numbers = SYSCALLS[process.arch];
    if (process.platform !== 'linux') return `no native provider for ${process.platform}`;
    if (!numbers || endianness() !== 'LE') return `no native provider for ${process.arch}`;
    try {
      return nativeGate.inside(() => {
        const loaded = loadKoffi(binary);
        return new LinuxNative(loaded.koffi, loaded.binary, numbers);
      });
    } catch (error) {
      return `koffi cannot be loaded (${error instanceof Error ? error.message.split('\n')[0] : error})`;
    }
  }

  private constructor(
    koffi: Koffi,
    binary: string | undefined,
    numbers: { futex: number; pidfdOpen: number },
  ) {
    this.#koffi = koffi;
    this.binary = binary;
    this.#numbers = numbers;
    this.#libc = koffi.load(null);
  }

  createFile(name: string): number {
    const create = this.#function('memfd_create', ['str', 'uint']);
    const fd = this.#checked('memfd_create', create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    this.#checked('fchmod', this.#function('fchmod', ['int', 'uint'])(fd, 0o600));
    this.#checked('fcntl', this.#fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    return fd;
  }

  commit(fd: number, offset: number, length: number): boolean {
    const allocate = this.#function('posix_fallocate', ['int', 'int64', 'int64']);
    for (;;) {
      const error = allocate(fd, offset, length);
      // A signal ends it early, and says nothing about the memory that is left.
      if (error !== EINTR) return error === 0;
    }
  }

  release(fd: number, offset: number, length: number): boolean {
    const fallocate = this.#function('fallocate', ['int', 'int', 'int64', 'int64']);
    return fallocate(fd, FALLOC_PUNCH_HOLE_KEEP_SIZE, offset, length) === 0;
  }

  map(fd: number, length: number): bigint {
    const parameters = ['void *', 'size_t', 'int', 'int', 'int', 'int64'];
    const mmap = this.#function('mmap', parameters, 'void *') as unknown as (
      ...args: unknown[]
    ) => bigint | null;
    const address = mmap(null, length, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    if (address === null || BigInt.asIntN(64, address) === -1n) this.#checked('mmap', -1);
    return address as bigint;
  }

  view(address: bigint, length: number): ArrayBuffer {
    return nativeGate.inside(() => this.#koffi.view(address, length));
  }

  keepFreed(): void {
    // glibc takes the largest block that it was ever given back for what comes and goes: up to that
    // size it takes new ones from its heap, and leaves twice as much there when it is free. None of
    // this one is touched, so it costs no memory. Other libraries learn nothing from it.
    const block = this.#function('malloc', ['size_t'], 'void *')(LARGEST_KEPT);
    this.#function('free', ['void *'], 'void')(block);
  }

  wait(address: bigint, expected: number, milliseconds: number): void {
    const seconds = Math.floor(milliseconds / 1000);
    this.#timespec[0] = BigInt(seconds);
    this.#timespec[1] = BigInt(Math.ceil((milliseconds - seconds * 1000) * 1e6));
    this.#syscall()(this.#numbers.futex, address, FUTEX_WAIT, expected, this.#timespec, null, 0);
  }

  wake(address: bigint, count: number): void {
    this.#syscall()(this.#numbers.futex, address, FUTEX_WAKE, count, null, null, 0);
  }

  openPipe(): Pipe {
    this.#checked('pipe2', this.#function('pipe2', ['void *', 'int'])(this.#pipe, O_CLOEXEC));
    return { readEnd: this.#pipe[0] as number, writeEnd: this.#pipe[1] as number };
  }

  dieWithWriters(readEnd: number): void {
    this.#checked('fcntl', this.#fcntl(readEnd, F_SETFD, FD_CLOEXEC));
    this.#checked('fcntl', this.#fcntl(readEnd, F_SETOWN, process.pid));
    this.#checked('fcntl', this.#fcntl(readEnd, F_SETSIG, SIGKILL));
    this.#checked('fcntl', this.#fcntl(readEnd, F_SETFL, O_ASYNC | O_NONBLOCK));
    // The last writer may have gone before the signal was armed: then nothing will ever come.
    if (this.pollReadable(readEnd, 0)) process.kill(process.pid, 'SIGKILL');
  }

  watchProcess(pid: number): number {
    return this.#syscall()(this.#numbers.pidfdOpen, BigInt(pid), 0, 0, null, null, 0);
  }

  pollReadable(fd: number, milliseconds: number): boolean {
    this.#pollfd[0] = fd;
    this.#pollfd[1] = POLLIN;
    const poll = this.#function('poll', ['void *', 'ulong', 'int']);
    return poll(this.#pollfd, 1, Math.ceil(milliseconds)) > 0;
  }

  exitStatus(pid: number): number | undefined {
    const has = this.#waitid(pid, WNOHANG_WEXITED | WNOWAIT);
    // siginfo_t: si_code is the third word, si_pid the fifth, si_status the seventh.
    if (!has || this.#siginfo[4] !== pid) return undefined;
    const status = this.#siginfo[6] as number;
    return this.#siginfo[2] === CLD_EXITED ? status : -status;
  }

  reapChild(pid: number): boolean {
    return !this.#waitid(pid, WNOHANG_WEXITED) || this.#siginfo[4] === pid;
  }

  duplicate(fd: number): number {
    return this.#checked('fcntl', this.#fcntl(fd, F_DUPFD_CLOEXEC, 3));
  }

  close(fd: number): void {
    this.#function('close', ['int'])(fd);
  }

  /** `false` when there is no such child. */
  #waitid(pid: number, options: number): boolean {
    const waitid = this.#function('waitid', ['int', 'int', 'void *', 'int']);
    this.#siginfo.fill(0);
    return waitid(P_PID, pid, this.#siginfo, options) === 0;
  }

  #fcntl(fd: number, command: number, argument: number): number {
    return this.#function('fcntl', ['int', 'int', 'int'])(fd, command, argument);
  }

  #syscall(): Call {
    return this.#function(
      'syscall',
      ['long', 'void *', 'int', 'int', 'void *', 'void *', 'int'],
      'long',
    );
  }

  #function(name: string, parameters: string[], result = 'int'): Call {
    let call = this.#bound.get(name);
    if (!call) {
      call = nativeGate.inside(() => this.#libc.func(name, result, parameters));
      this.#bound.set(name, call);
    }
    return call;
  }

  #checked(name: string, result: number): number {
    if (result >= 0) return result;
    // In the form of Node's own errors.
    const errno = -this.#koffi.errno();
    const code = getSystemErrorName(errno);
    throw Object.assign(new Error(`${name} failed: ${code}`), { code, errno, syscall: name });
  }
}
