import {
  ArgumentRangeError,
  ArgumentTypeError,
  Attachment,
  attach,
  checkOptions,
  type Handle,
  registerType,
} from '@multiproc/core';
import { createBlock, NamedBlock, openBlock } from './named-block.js';

const TYPE = 'SharedMemory';

/** Options of {@link SharedMemory}. */
export interface SharedMemoryOptions {
  /** Name of the block in the family. Left out on creation: a random one. */
  name?: string | undefined;
  /** `true`: make a new block. `false`, or left out: open the one with the name. */
  create?: boolean | undefined;
  /** Length of a new block in bytes. Does not count when a block is opened. */
  size?: number | undefined;
}

/**
 * A block of bytes that every thread and process of the family opens by its name, or is sent.
 *
 * In one agent there is one object for a block, however often it is opened, and `close()` closes
 * it for the whole agent.
 *
 * Python counterpart: `multiprocessing.shared_memory.SharedMemory`. Differences: names belong to
 * the family and not to the machine; a block is freed when the last agent that uses it has closed it
 * or ended, unlinked or not, so nothing is left behind; `size` is exact; a block that was sent
 * can be received after `unlink()` too.
 *
 * @example
 * ```ts
 * import { SharedMemory } from '@multiproc/shared';
 *
 * const block = new SharedMemory({ name: 'scratch', create: true, size: 16 });
 * block.buf[0] = 42;
 * const same = new SharedMemory({ name: 'scratch' });
 * console.log(same.buf[0], same.size); // → 42 16
 * block.close();
 * block.unlink();
 * ```
 */
export class SharedMemory extends NamedBlock {
  static {
    registerType({ name: TYPE, shared: SharedMemory, module: import.meta.url });
  }

  #buf: Uint8Array | undefined;

  /**
   * Makes a block, all zero, or opens one.
   *
   * @param options - `name`, `create`, and `size` in bytes
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`), ArgumentRangeError (`ERR_OUT_OF_RANGE`) for
   *   impossible options: a size below 1, an empty name, a NUL in it
   * @throws NameExistsError (`ERR_NAME_EXISTS`) when a block with the name is to be created again
   * @throws NameNotFoundError (`ERR_NAME_NOT_FOUND`) when there is none with the name
   * @throws ArenaFullError (`ERR_ARENA_FULL`)
   */
  constructor(options: SharedMemoryOptions);
  /** @internal */
  constructor(options: SharedMemoryOptions | Attachment);
  constructor(options: SharedMemoryOptions | Attachment) {
    const source = options instanceof Attachment ? options : open(options);
    if (source instanceof SharedMemory) return source;
    super(TYPE, source);
  }

  /**
   * The block that a handle names.
   *
   * @param handle - `handle` of a SharedMemory of this family
   * @returns the same object for the same block
   * @throws ArgumentTypeError (`ERR_INVALID_ARG_TYPE`) when it is no handle
   * @throws HandleError (`ERR_HANDLE`) when it is of another family or type, or its block is gone
   */
  static from(handle: Handle): SharedMemory {
    return attach(handle, TYPE) as SharedMemory;
  }

  /**
   * The bytes, without a copy: the same array each time. The block lives while this array or a view
   * of its buffer is held. `close()` detaches them: they have no elements any more and their methods
   * throw. In thread memory that cannot be done, and the block is kept until the last view has
   * been collected.
   *
   * @throws DisposedError (`ERR_DISPOSED`) after `close()`
   */
  get buf(): Uint8Array {
    this.checkUsable();
    if (!this.#buf) {
      const { buffer, byteOffset } = this.lend(this.size);
      this.#buf = new Uint8Array(buffer, byteOffset, this.size);
    }
    return this.#buf;
  }

  /** The same as `close()`. */
  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    this.#buf = undefined;
  }
}

function open(options: SharedMemoryOptions) {
  checkOptions(options);
  const { name, create = false, size } = options;
  if (typeof create !== 'boolean') {
    throw new ArgumentTypeError('options.create', 'a boolean', create);
  }
  if (!create) return openBlock(TYPE, name);
  const expected = 'a positive number of bytes';
  if (typeof size !== 'number') throw new ArgumentTypeError('options.size', expected, size);
  if (!Number.isSafeInteger(size) || size <= 0) {
    throw new ArgumentRangeError('options.size', expected, size);
  }
  return createBlock(TYPE, name, { size });
}
