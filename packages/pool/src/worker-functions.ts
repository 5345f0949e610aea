import {
  decode,
  type FunctionReference,
  importModule,
  loadedExport,
  modulesOf,
  prepareTypeScript,
} from '@multiproc/core';
import { whileImporting } from '@multiproc/process/inside';

/** A function of the user. */
export type AnyCall = (...args: unknown[]) => unknown;

/** What a number of a function stands for. */
type Known = { readonly fn: AnyCall } | { readonly error: unknown };

/** A callable object: an instance whose `run` is the task. */
interface Callable {
  run: AnyCall;
}

/** The functions that a worker has been told of, by number. */
export class WorkerFunctions {
  readonly #known = new Map<number, Known>();

  /**
   * Imports a function. A failure is kept for the tasks that want the function.
   *
   * @param number - what the owner calls it
   * @param bytes - its module and name, encoded
   */
  async define(number: number, bytes: Uint8Array): Promise<void> {
    const [module, name] = decode(bytes) as [string, string];
    try {
      await importAll([module]);
      this.#known.set(number, { fn: callOf(module, name) });
    } catch (error) {
      this.#known.set(number, { error });
    }
  }

  /**
   * The function of a number.
   *
   * @throws what its import threw
   */
  get(number: number): AnyCall {
    const known = this.#known.get(number) as Known;
    if ('error' in known) throw known.error;
    return known.fn;
  }
}

/** The call that a callable object stands for. */
export function callOfObject(object: unknown): AnyCall {
  const callable = object as Callable;
  return (...args) => callable.run(...args);
}

/**
 * The call that a reference or a callable object stands for.
 *
 * @param target - `{ module, name }`, or an object with `run`
 */
export async function importCall(target: unknown): Promise<AnyCall> {
  if (typeof (target as Callable).run === 'function') return callOfObject(target);
  const { module, name } = target as FunctionReference;
  await importAll([module]);
  return callOf(module, name);
}

/** Imports modules that bytes name, before they are decoded. */
export async function importFor(bytes: Uint8Array): Promise<void> {
  await importAll(modulesOf(bytes));
}

async function importAll(modules: readonly string[]): Promise<void> {
  await whileImporting(async () => {
    for (const module of modules) {
      await prepareTypeScript(module);
      await importModule(module);
    }
  });
}

/** A static method keeps its class as `this`. */
function callOf(module: string, name: string): AnyCall {
  const fn = loadedExport(module, name);
  if (typeof fn !== 'function') {
    throw new TypeError(`${name} of ${module} is to be called, but is of type ${typeof fn}`);
  }
  const dot = name.lastIndexOf('.');
  if (dot < 0) return fn as AnyCall;
  const owner = loadedExport(module, name.slice(0, dot));
  return (...args) => Reflect.apply(fn, owner, args);
}
