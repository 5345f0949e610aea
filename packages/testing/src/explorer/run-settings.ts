import type { Model } from './model.js';

/** What one schedule needs of a model, with the defaults filled in. */
export interface RunSettings {
  readonly agents: readonly string[];
  readonly labels: Readonly<Record<number, string>>;
  readonly init: (words: Int32Array) => void;
  readonly check: (words: Int32Array, outcome: { readonly killed: readonly number[] }) => void;
  readonly timeouts: number;
  readonly kills: number;
  readonly killable: readonly string[];
  readonly maxSteps: number;
}

/** Fills in the defaults. */
export function settingsOf(model: Model): RunSettings {
  return {
    agents: model.agents,
    labels: model.labels ?? {},
    init: model.init ?? (() => {}),
    check: model.check ?? (() => {}),
    timeouts: model.timeouts ?? 0,
    kills: model.kills ?? 0,
    killable: model.killable ?? model.agents,
    maxSteps: model.maxSteps ?? 1000,
  };
}
