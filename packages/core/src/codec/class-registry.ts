import { addCoreErrors } from './core-classes.js';

/** Any class, also an abstract one or one with a private constructor's type. */
export type AnyClass<T = unknown> = abstract new (...args: never[]) => T;

/** How instances of a class travel; see {@link registerClass}. */
export interface ClassOptions<T> {
  /** What the class is called in the bytes where it has no export; its own name when left out. */
  readonly name?: string;
  /** What travels in place of the instance; its own enumerable properties when left out. */
  readonly encode?: (instance: T) => unknown;
  /** Makes the instance again; when left out, an object with the class's prototype and the data. */
  readonly decode?: (data: never) => T;
}

/** A registered class. */
export interface ClassRegistration {
  readonly cls: Function;
  readonly name: string;
  readonly encode: ((instance: object) => unknown) | undefined;
  readonly decode: ((data: unknown) => unknown) | undefined;
  /** Never look for the export: the receiver is known to have registered the class. */
  readonly byNameOnly: boolean;
}

/** The classes whose instances may travel. */
export class ClassRegistry {
  readonly #byPrototype = new Map<object, ClassRegistration>();
  readonly #byName = new Map<string, ClassRegistration>();

  /** Adds a class; once more with the same name replaces its hooks. */
  add(registration: ClassRegistration): void {
    const { cls, name } = registration;
    const other = this.#byName.get(name);
    if (other !== undefined && other.cls !== cls) {
      throw new TypeError(
        `registerClass: another class is already registered as ${JSON.stringify(name)}; ` +
          `give one of them another name: registerClass(${cls.name || 'cls'}, { name: '…' })`,
      );
    }
    const before = this.#byPrototype.get(cls.prototype);
    if (before !== undefined) this.#byName.delete(before.name);
    this.#byName.set(name, registration);
    this.#byPrototype.set(cls.prototype, registration);
  }

  ofPrototype(prototype: object): ClassRegistration | undefined {
    return this.#byPrototype.get(prototype);
  }

  byName(name: string): ClassRegistration | undefined {
    return this.#byName.get(name);
  }
}

const KEY = Symbol.for('multiproc.classes');

/** The registry of this thread, shared by all copies of core in it. */
export function classRegistry(): ClassRegistry {
  const holder = process as unknown as Record<symbol, ClassRegistry | undefined>;
  let registry = holder[KEY];
  if (registry === undefined) {
    registry = new ClassRegistry();
    addCoreErrors(registry);
    Object.defineProperty(process, KEY, { value: registry });
  }
  return registry;
}

/**
 * Lets instances of a class travel to other agents: as arguments, queue items, dict values and
 * results. Without it they are refused, because methods and private state would silently be lost.
 *
 * A class that its module exports is found again by module and export name, so the receiver need
 * not have imported it. Any other class must be registered under the same name at both ends; call
 * this beside the class, in its module.
 *
 * Without `decode` the instance is made without calling the constructor, and cycles through it
 * keep their identity. A class with private fields (`#x`), and one that extends a built-in other
 * than `Array`, `Map`, `Set` or an error class, needs `encode` and `decode`; with `decode`, the
 * data may not lead back to the instance.
 *
 * Python counterpart: `copyreg.pickle`.
 *
 * @param cls - the class; its subclasses are registered on their own
 * @param options - `name`, `encode` and `decode`, see {@link ClassOptions}
 * @returns the class
 * @throws TypeError when `cls` is no class or a built-in one, an option has the wrong type, or
 * another class has the name
 *
 * @example
 * ```ts
 * import { registerClass } from '@multiproc/core';
 *
 * class Money {
 *   #cents: number;
 *   constructor(cents: number) {
 *     this.#cents = cents;
 *   }
 *   get cents() {
 *     return this.#cents;
 *   }
 * }
 * registerClass(Money, { encode: (money) => money.cents, decode: (cents: number) => new Money(cents) });
 * console.log(new Money(5).cents); // → 5
 * ```
 */
export function registerClass<C extends AnyClass>(
  cls: C,
  options: ClassOptions<InstanceType<C>> = {},
): C {
  checkClass(cls);
  const { name = cls.name, encode, decode } = options;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError('registerClass: options.name must be a non-empty string for this class');
  }
  checkHook('encode', encode);
  checkHook('decode', decode);
  classRegistry().add({
    cls,
    name,
    encode: encode as ClassRegistration['encode'],
    decode: decode as ClassRegistration['decode'],
    byNameOnly: false,
  });
  return cls;
}

function checkClass(cls: unknown): asserts cls is Function {
  const prototype: unknown = typeof cls === 'function' ? cls.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) {
    throw new TypeError(`registerClass: the first argument must be a class, not ${String(cls)}`);
  }
  if (/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(cls))) {
    throw new TypeError(`registerClass: ${(cls as Function).name} is built in`);
  }
}

function checkHook(option: string, hook: unknown): void {
  if (hook !== undefined && typeof hook !== 'function') {
    throw new TypeError(`registerClass: options.${option} must be a function, not ${typeof hook}`);
  }
}
