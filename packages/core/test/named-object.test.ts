import {
  type Attachment,
  attach,
  currentFamily,
  findObject,
  makeNamedObject,
  type ObjectSpec,
  registerType,
  SharedObject,
} from '@multiproc/core';
import { describe, expect, it } from 'vitest';
import { Cell } from './fixtures/family-cell.js';

const BYTES = 100_000;

/** An object with data, of which it can show a view. */
class Block extends SharedObject {
  static {
    registerType({ name: 'Block', shared: Block, module: import.meta.url });
  }

  constructor(attachment: Attachment, spec: ObjectSpec = { type: 'Block', bytes: 8 }) {
    super(spec, attachment);
  }

  get view(): Uint8Array {
    const { buffer, byteOffset } = this.lend(BYTES);
    return new Uint8Array(buffer, byteOffset, BYTES);
  }

  /** First word of the content: where the held object lies. */
  get held(): number {
    return this.family.memory.words[this.content] as number;
  }

  protected override use(): undefined {
    return undefined;
  }
}

function make(name: string, rest: Partial<ObjectSpec> = {}): Block | undefined {
  const made = makeNamedObject({ type: 'Block', bytes: 8, data: BYTES, ...rest }, name);
  return made && new Block(made);
}

describe('a named object', () => {
  const { arena, names } = currentFamily();

  it('is made once, and found by name and type', () => {
    const block = make('one') as Block;
    const { used } = arena;
    expect(make('one')).toBeUndefined();
    expect(findObject('Block', 'one')).toBe(block);
    expect(findObject('Cell', 'one')).toBeUndefined();
    expect(findObject('Block', 'two')).toBeUndefined();
    expect(arena.used).toBe(used);
    block[Symbol.dispose]();
    expect(findObject('Block', 'one')).toBeUndefined();
  });

  it('lives on without its name, which another may have then', () => {
    const block = make('moved') as Block;
    const { handle } = block;
    expect(names.unlink('other', handle)).toBe(false);
    expect(names.unlink('moved', handle)).toBe(true);
    expect(names.unlink('moved', handle)).toBe(false);
    expect(findObject('Block', 'moved')).toBeUndefined();
    const next = make('moved') as Block;
    expect(findObject('Block', 'moved')).toBe(next);
    expect(names.unlink('moved', handle)).toBe(false);
    expect(attach(handle)).toBe(block);
    block[Symbol.dispose]();
    next[Symbol.dispose]();
  });

  it('holds another object beside its data, and gives both back', () => {
    // Looking for a name frees the entries of objects that are gone.
    findObject('Block', 'nobody');
    new Cell()[Symbol.dispose]();
    const { used } = arena;
    const cell = new Cell();
    const { handle } = cell;
    const block = make('holder', { holds: () => handle }) as Block;
    expect(block.held).toBe(handle.offset);
    cell.add(0, 5);
    cell[Symbol.dispose]();
    const again = Cell.from(handle);
    expect(again.get(0)).toBe(5);
    again[Symbol.dispose]();
    block[Symbol.dispose]();
    expect(() => Cell.from(handle)).toThrow(expect.objectContaining({ code: 'ERR_HANDLE' }));
    expect(findObject('Block', 'holder')).toBeUndefined();
    expect(arena.used).toBe(used);
  });

  it('that cannot be made leaves neither its name nor its parts', () => {
    const { used } = arena;
    const cell = new Cell();
    const { handle } = cell;
    expect(() => make('huge', { data: 2 ** 40, holds: () => handle })).toThrow(
      expect.objectContaining({ code: 'ERR_ARENA_FULL' }),
    );
    cell[Symbol.dispose]();
    expect(() => make('void', { holds: () => handle })).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
    expect(findObject('Block', 'huge')).toBeUndefined();
    expect(findObject('Block', 'void')).toBeUndefined();
    expect(arena.used).toBe(used);
  });
});

describe('a view of the data', () => {
  it('has a buffer of its own, and is detached when the object is disposed', () => {
    const block = make('viewed') as Block;
    const { view } = block;
    expect(view.buffer).toBe(block.view.buffer);
    expect(view.buffer.byteLength).toBe(BYTES);
    view[0] = 1;
    block[Symbol.dispose]();
    expect(view.length).toBe(0);
    expect(() => view.fill(1)).toThrow(/detached/);
    expect(() => block.view).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
  });
});
