import { ArgumentTypeError, checkOptions } from '../arguments.js';
import { HandleError } from '../errors.js';
import { currentFamily, type Family } from '../family/family.js';
import { checkHandle, type Handle } from './handle.js';
import { makeObject, type ObjectSpec, retainNamed, typeCode } from './object-header.js';
import { OBJECT } from './object-layout.js';
import { release } from './owned.js';
import { Attachment, type SharedObject } from './shared-object.js';
import { typeNamed } from './types.js';

/** Options of every constructor of a shared type. */
export interface NameOptions {
  /**
   * Name of the object in the family. Whoever asks for the same name and type gets the same
   * object while anybody refers to it; the other options count for the one who makes it. Left out:
   * a new object without a name.
   */
  name?: string | undefined;
}

/**
 * What a constructor is to work with, found out before `super` is called:
 *
 * - a shared object: this agent has the named one already, and the constructor returns that;
 * - an attachment, for `super`: the object exists, or was made under its name just now;
 * - `undefined`: a new object without a name.
 *
 * @param spec - the type and content of a new object
 * @param options - what the constructor was given
 * @throws ArgumentTypeError for options that are no object or a name that is no string
 * @throws ArenaFullError
 */
export function openObject(
  spec: ObjectSpec,
  options: NameOptions | Attachment,
): SharedObject | Attachment | undefined {
  if (options instanceof Attachment) return options;
  checkOptions(options);
  const { name } = options;
  if (name === undefined) return undefined;
  if (typeof name !== 'string') throw new ArgumentTypeError('options.name', 'a string', name);
  const { arena, names, objects, references } = currentFamily();
  references.reserve();
  const { offset, serial } = names.open(name, spec.type, () => makeObject(arena, spec));
  const known = objects.find(offset, serial);
  if (!known) return new Attachment(offset, serial);
  release(arena, offset);
  return known;
}

/**
 * Turns a handle into the object it names: the same JavaScript object each time.
 *
 * @param handle - a `handle` of this family
 * @param type - the type that the caller expects; left out: any
 * @returns the shared object
 * @throws ArgumentTypeError when it is no handle
 * @throws HandleError when it belongs to another family, is of another type, or its object is gone
 */
export function attach(handle: unknown, type?: string): SharedObject {
  checkHandle(handle);
  const family = currentFamily();
  const named = `${handle.type} at ${handle.offset}`;
  if (handle.family !== family.id) {
    throw new HandleError(
      `${named} belongs to family ${handle.family}, but this thread to ${family.id}: handles ` +
        'reach only the processes and threads that were started from the same root process. Import ' +
        'multiproc before you start a worker of your own, and give a process of your own the ' +
        'environment of familyEnv()',
    );
  }
  if (type !== undefined && handle.type !== type) {
    throw new HandleError(`${named} is a ${handle.type}, where a ${type} is expected`);
  }
  return attachTo(family, handle, named);
}

function attachTo(family: Family, handle: Handle, named: string): SharedObject {
  const { offset, serial } = handle;
  const known = family.objects.find(offset, serial);
  if (known?.handle.type === handle.type) return known;
  const registered = typeNamed(handle.type);
  if (!registered) {
    throw new HandleError(
      `${named} is of a type that is not known here: import the package that defines it first`,
    );
  }
  const { arena, references } = family;
  references.reserve();
  if (!retainNamed(arena, offset, serial)) {
    throw new HandleError(
      `${named} has been freed: nobody referred to it any more. A handle does not keep its object ` +
        'alive; send the object itself as an argument or item, or hold it until it has arrived',
    );
  }
  if (Atomics.load(arena.memory.words, offset / 4 + OBJECT.TYPE) !== typeCode(handle.type)) {
    release(arena, offset);
    throw new HandleError(`${named} is not a ${handle.type}: the handle has been altered`);
  }
  return new registered.shared(new Attachment(offset, serial));
}
