import { currentFamily } from '../family/family.js';
import { makeObject, type ObjectSpec } from './object-header.js';
import { release } from './owned.js';
import { Attachment, type SharedObject } from './shared-object.js';

/**
 * Finds the object with a name, for a constructor that must not make it.
 *
 * @param type - its type
 * @param name - its name
 * @returns this agent's object for it, or an attachment for `super`; `undefined`: there is none
 * @throws ArenaFullError when there is no room to note the reference
 */
export function findObject(type: string, name: string): SharedObject | Attachment | undefined {
  const { arena, names, objects, references } = currentFamily();
  references.reserve();
  const found = names.find(name, type);
  if (!found) return undefined;
  const known = objects.find(found.offset, found.serial);
  if (!known) return new Attachment(found.offset, found.serial);
  release(arena, found.offset);
  return known;
}

/**
 * Makes an object under a name, for a constructor that must not find it.
 *
 * @param spec - the type and content of the new object
 * @param name - its name
 * @returns an attachment for `super`; `undefined`: the name is taken
 * @throws ArenaFullError
 */
export function makeNamedObject(spec: ObjectSpec, name: string): Attachment | undefined {
  const { arena, names, references } = currentFamily();
  references.reserve();
  const made = names.make(name, spec.type, () => makeObject(arena, spec));
  return made && new Attachment(made.offset, made.serial);
}
