import * as errors from '../errors.js';
import type { ClassRegistry } from './class-registry.js';

/**
 * Core's own error classes travel as what they are. By name alone: every agent that decodes has
 * core, maybe in another place, and looking for their export would cost the first error 20 ms.
 */
export function addCoreErrors(registry: ClassRegistry): void {
  for (const cls of Object.values(errors)) {
    if (!(cls.prototype instanceof Error)) continue;
    registry.add({
      cls,
      name: `multiproc.${cls.name}`,
      encode: undefined,
      decode: undefined,
      byNameOnly: true,
    });
  }
}
