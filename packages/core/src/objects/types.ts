import type { Attachment, SharedObject } from './shared-object.js';

/** Constructor of a shared type, as its package registers it. */
export type SharedClass = new (attachment: Attachment) => SharedObject;

/** A registered type. */
export interface SharedType {
  /** Name in handles, for example `Lock`. */
  readonly name: string;
  /** Makes the JavaScript object for an existing shared one. */
  readonly shared: SharedClass;
  /** URL of the module that registers the type, so that a receiver can import it. */
  readonly module: string;
}

const types = new Map<string, SharedType>();

/**
 * Makes a shared type known, so that its handles can be turned into objects. Called once by the
 * package that defines it.
 *
 * @param type - name, class, and the URL of the module (`import.meta.url`)
 */
export function registerType(type: SharedType): void {
  types.set(type.name, type);
}

/** The registered type of this name. */
export function typeNamed(name: string): SharedType | undefined {
  return types.get(name);
}
