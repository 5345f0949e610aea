/** Up to here comparing with each object is cheaper than a Map. */
const FEW = 16;

/**
 * Numbers the objects of one payload in the order in which they are met.
 *
 * Looking up what is missing is the costly part of a Map, and most objects are met once. So beyond
 * the first few a Set notices what is new by its size; only when an object is met again is a Map
 * made, from the Set's order.
 */
export class ObjectNumbers {
  #count = 0;
  readonly #few: (object | undefined)[] = new Array<object | undefined>(FEW).fill(undefined);
  readonly #many = new Set<object>();
  #numbers: Map<object, number> | undefined;

  /** The number that the next new object gets. */
  get next(): number {
    return this.#count;
  }

  /** The number of an object met before, or -1 after giving a new object the next number. */
  add(value: object): number {
    const count = this.#count;
    if (count >= FEW) return this.#addToMany(value);
    const few = this.#few;
    for (let i = 0; i < count; i++) {
      if (few[i] === value) return i;
    }
    few[count] = value;
    this.#count = count + 1;
    return -1;
  }

  /** Forgets all objects, so that none is kept alive. */
  clear(): void {
    const used = Math.min(this.#count, FEW);
    for (let i = 0; i < used; i++) this.#few[i] = undefined;
    if (this.#many.size > 0) this.#many.clear();
    this.#numbers = undefined;
    this.#count = 0;
  }

  #addToMany(value: object): number {
    const many = this.#many;
    if (many.size === 0) {
      for (const object of this.#few) many.add(object as object);
    }
    const known = this.#numbers?.get(value);
    if (known !== undefined) return known;
    const { size } = many;
    many.add(value);
    if (many.size === size) return this.#numberAll().get(value) as number;
    this.#numbers?.set(value, size);
    this.#count = size + 1;
    return -1;
  }

  #numberAll(): Map<object, number> {
    const numbers = new Map<object, number>();
    for (const object of this.#many) numbers.set(object, numbers.size);
    this.#numbers = numbers;
    return numbers;
  }
}
