import { fstatSync } from 'node:fs';

/** What is known of an open file. */
export interface FileStatus {
  /** Number of the file on its device, its low 32 bits. */
  readonly inode: number;
  /** The device, its low 32 bits. */
  readonly device: number;
  /** Length in bytes. */
  readonly size: number;
  /** Whether it is a regular file, and no pipe or socket. */
  readonly isFile: boolean;
}

/**
 * Asks about an open file. Nothing else in core calls `fstatSync`: without `bigint`, Node 20 and 22
 * leave the answer in a buffer that their module loader takes for that of its own question, so
 * after a look at a pipe the next module behind a symbolic link is loaded under a second name.
 *
 * @param fd - the descriptor
 */
export function statusOf(fd: number): FileStatus {
  const stat = fstatSync(fd, { bigint: true });
  return {
    inode: Number(BigInt.asIntN(32, stat.ino)),
    device: Number(BigInt.asIntN(32, stat.dev)),
    size: Number(stat.size),
    isFile: stat.isFile(),
  };
}
