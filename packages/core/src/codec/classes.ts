import { type ClassRegistration, classRegistry } from './class-registry.js';
import type { ReadTables } from './tables.js';
import type { CodecContext } from './types.js';

/** A class at the receiver. */
export interface ResolvedClass {
  readonly name: string;
  readonly prototype: object;
  /** Absent when the class was found by its export and is not registered here. */
  readonly registration: ClassRegistration | undefined;
}

/** Functions and classes at the receiver, loaded once each. */
export class LoadedExports {
  readonly #context: CodecContext;
  readonly #modules = new Map<string, Map<string, unknown>>();

  constructor(context: CodecContext) {
    this.#context = context;
  }

  /** Throws what the context throws when the module cannot be loaded. */
  get(module: string, name: string): unknown {
    let names = this.#modules.get(module);
    if (names === undefined) {
      names = new Map();
      this.#modules.set(module, names);
    }
    if (names.has(name)) return names.get(name);
    const value = this.#context.load(module, name);
    names.set(name, value);
    return value;
  }
}

/** Finds a class of the payload: by its export, else by its registered name. */
export function resolveClass(
  tables: ReadTables,
  number: number,
  loaded: LoadedExports,
): ResolvedClass {
  const { name, exported } = tables.classAt(number);
  const registry = classRegistry();
  let failure: unknown;
  if (exported >= 0) {
    const location = tables.functionAt(exported);
    try {
      const cls = loaded.get(location.module, location.name) as { prototype?: unknown };
      const { prototype } = cls;
      if (typeof prototype === 'object' && prototype !== null) {
        return { name, prototype, registration: registry.ofPrototype(prototype) };
      }
    } catch (error) {
      failure = error;
    }
  }
  const registration = registry.byName(name);
  if (registration !== undefined) {
    return { name, prototype: registration.cls.prototype, registration };
  }
  throw new Error(
    `the class ${name} is not registered here; import the module that calls registerClass for ` +
      'it, or export the class so that it can be found',
    failure === undefined ? undefined : { cause: failure },
  );
}
