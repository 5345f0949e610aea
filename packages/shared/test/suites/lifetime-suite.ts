import { currentFamily, type MemoryKind } from '@multiproc/core';
import { SharedArray, SharedMemory } from '@multiproc/shared';
import { untilCollected } from '@multiproc/testing';
import { describe, expect, it } from 'vitest';

const BYTES = 100_000;

/** A view whose SharedArray nobody holds, and a way to see that that has been collected. */
function makeView(): { view: Uint8Array; array: WeakRef<SharedArray> } {
  const array = new SharedArray('B', BYTES, { lock: false });
  array.data.fill(7);
  return { view: array.data.subarray(10, 20), array: new WeakRef(array as SharedArray) };
}

/** How long memory lives that a user has a view of. */
export function lifetimeSuite(memory: MemoryKind): void {
  const { arena } = currentFamily();

  describe(`a view, ${memory} memory`, () => {
    it('keeps the memory, also when the SharedArray has been collected, and gives it back', async () => {
      const { used } = arena;
      let view: Uint8Array | undefined;
      let array: WeakRef<SharedArray> | undefined;
      ({ view, array } = makeView());
      await untilCollected(() => array?.deref() === undefined, 'the SharedArray is collected');
      const others = Array.from({ length: 20 }, () => new SharedArray('B', BYTES));
      for (const other of others) other.data.fill(9);
      expect(view?.every((byte) => byte === 7)).toBe(true);
      for (const other of others) other[Symbol.dispose]();
      expect(arena.used).toBeGreaterThan(used + BYTES);
      view = undefined;
      await untilCollected(() => arena.used <= used + BYTES / 2, 'it is freed');
    });

    it('of a disposed SharedArray never shows the memory of another object', async () => {
      const { used } = arena;
      let block: SharedMemory | undefined = new SharedMemory({ create: true, size: BYTES });
      let view: Uint8Array | undefined = block.buf;
      view.fill(7);
      block.close();
      block = undefined;
      const isFreedAtOnce = arena.used <= used + BYTES / 2;
      expect(isFreedAtOnce).toBe(memory === 'process');
      const other = new SharedMemory({ create: true, size: BYTES });
      other.buf.fill(9);
      if (memory === 'process') expect(view.length).toBe(0);
      else expect(view.every((byte) => byte === 7)).toBe(true);
      other.close();
      view = undefined;
      await untilCollected(() => arena.used <= used + BYTES / 2, 'it is freed');
    });

    it('does not hinder another attachment to the same array after it was disposed', () => {
      const { used } = arena;
      const array = new SharedArray('B', BYTES, { name: 'reopened', lock: false });
      // Counts as a reference of nobody, so that the array outlives its disposal.
      expect(currentFamily().names.find('reopened', 'SharedArray')).toBeDefined();
      const { handle } = array;
      const { data } = array;
      data.fill(7);
      array[Symbol.dispose]();
      const again = SharedArray.from<'B'>(handle);
      expect(again === array).toBe(false);
      expect(again.data[BYTES - 1]).toBe(7);
      again.data[0] = 8;
      again[Symbol.dispose]();
      expect(arena.used).toBeGreaterThan(used);
    });
  });
}
