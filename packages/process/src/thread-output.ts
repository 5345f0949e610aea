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
  for (const [name, fd] of [
    ['stdout', 1],
    ['stderr', 2],
  ] as const) {
    const inherited = Object.getOwnPropertyDescriptor(process, name) as PropertyDescriptor;
    // Node makes each stream when it is first asked for, which most threads never do.
    Object.defineProperty(process, name, {
      ...inherited,
      get() {
        Object.defineProperty(process, name, inherited);
        return redirected(process[name], fd, pause);
      },
    });
  }
}

/** Node's stream stays and only ends elsewhere: Node itself calls hidden methods of it. */
function redirected(stream: NodeJS.WriteStream, fd: number, pause: Pause): NodeJS.WriteStream {
  const write: Write = (chunk, encoding, done) => {
    try {
      const isText = typeof chunk === 'string';
      writeFully(fd, isText ? Buffer.from(chunk, encoding as BufferEncoding) : chunk, pause);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  Object.assign(stream, { fd, _write: write, _writev: null });
  const tty = process.getBuiltinModule('node:tty');
  if (tty.isatty(fd)) {
    const { getColorDepth, hasColors } = tty.WriteStream.prototype;
    Object.assign(stream, { isTTY: true, getColorDepth, hasColors });
  }
  return stream;
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
