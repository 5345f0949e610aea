/** How long a full pipe is given to drain before the next attempt, in milliseconds. */
const PAUSE = 2;

/** Blocks the thread for so many milliseconds. */
type Pause = (milliseconds: number) => void;

type Write = (chunk: Uint8Array | string, encoding: string, done: (error?: Error) => void) => void;

/**
 * Has this thread's standard output and error written by the thread itself. Node sends both
 * through the event loop of the main thread, where they are held up while that blocks, and lost
 * when it exits.
 */
export function writeDirectly(pause: Pause): void {
  const tty = process.getBuiltinModule('node:tty');
  const outputs = [process.stdout, process.stderr] as const;
  for (const [index, stream] of outputs.entries()) {
    const fd = index + 1;
    const write: Write = (chunk, encoding, done) => {
      try {
        const isText = typeof chunk === 'string';
        writeFully(fd, isText ? Buffer.from(chunk, encoding as BufferEncoding) : chunk, pause);
        done();
      } catch (error) {
        done(error as Error);
      }
    };
    // Node's stream stays and only ends elsewhere: Node itself calls hidden methods of it.
    Object.assign(stream, { fd, _write: write, _writev: null });
    if (!tty.isatty(fd)) continue;
    const { getColorDepth, hasColors } = tty.WriteStream.prototype;
    Object.assign(stream, { isTTY: true, getColorDepth, hasColors });
  }
}

/** Writes to a descriptor at once and completely. */
export function writeFully(fd: number, chunk: Uint8Array, pause: Pause): void {
  const { writeSync } = process.getBuiltinModule('node:fs');
  for (let written = 0; written < chunk.length; ) {
    try {
      written += writeSync(fd, chunk, written);
    } catch (error) {
      // The pipe or terminal is shared with whoever made it non-blocking, and is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      pause(PAUSE);
    }
  }
}
