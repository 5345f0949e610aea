import { describe, expect, it } from 'vitest';
import { explore } from '../explorer/explore.js';
import type { Model, Patch } from '../explorer/model.js';
import { sabotage } from '../explorer/sabotage.js';

/** Thousands of schedules take their time on a machine that does other things too. */
const PATIENCE = { timeout: 180_000 };

/** A model whose agents never meet has hardly any schedules, and shows nothing. */
const TRIVIAL = 5;

/** A one-line breakage, the model that must notice it, and how that model is to be changed for it. */
export type Breakage<Name extends string> = readonly [
  model: Name,
  patch: Patch,
  changes?: Partial<Model>,
];

/**
 * Declares the tests of a structure by models: every schedule of each model holds, and each
 * breakage is noticed. Stays within the bounds of the models; a search that was cut short fails.
 *
 * @param promise - what holds in every interleaving, as the title of the tests
 * @param models - by the situation that each shows, which becomes the title of its test
 * @param breakages - what proves that the models can fail
 *
 * @example
 * ```ts
 * import { modelSuite } from '@multiproc/testing/suites';
 *
 * modelSuite('nobody shares the lock', { 'three agents': model(['locker', 'locker', 'locker']) }, [
 *   ['three agents', { name: 'frees in silence', find: 'free();\nwake();', replace: 'free();' }],
 * ]);
 * ```
 */
export function modelSuite<Name extends string>(
  promise: string,
  models: Readonly<Record<Name, Model>>,
  breakages: readonly Breakage<Name>[],
): void {
  describe(`${promise}, in any interleaving`, PATIENCE, () => {
    for (const [name, model] of Object.entries<Model>(models)) {
      it(name, async () => {
        const { schedules, isComplete } = await explore(model);
        expect(isComplete).toBe(true);
        expect(schedules).toBeGreaterThan(TRIVIAL);
      });
    }
  });

  describe('the models fail when one line is broken', PATIENCE, () => {
    for (const [name, patch, changes] of breakages) {
      it(`${patch.name} [${name}]`, async () => {
        const [outcome] = await sabotage({ ...models[name], ...changes }, [patch]);
        expect(outcome?.isCaught).toBe(true);
      });
    }
  });
}
