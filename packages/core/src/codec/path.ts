/** How a step of a path is written. */
export const STEP_PROPERTY = 0;
export const STEP_INDEX = 1;
export const STEP_MAP_VALUE = 2;
export const STEP_MAP_KEY = 3;
export const STEP_SET_MEMBER = 4;
export const STEP_ENCODED = 5;
/** A Map's value whose key is an object: shown by its place. */
export const STEP_MAP_VALUE_AT = 6;

/** Longer paths lose their middle. */
const SHOWN_STEPS = 20;
const SHOWN_KEY = 40;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Where a deferred container stands: the steps to it, behind those of the one before. */
export interface PathPrefix {
  readonly before: PathPrefix | undefined;
  readonly steps: readonly string[];
}

/**
 * Where the encoder is. The hot loops only store a key or index for the level they are on; text
 * is made when something fails.
 *
 * Written as one would reach the value: `args[1].options.onDone`, `args["odd key"]`,
 * `items.get("k")` for a Map's value, `items.get(key 2)` when its key is an object,
 * `items.keys()[2]` for a Map's key, `items.values()[2]` for a Set's member, `point.encode()`
 * for what an encode hook returned.
 */
export class PathTracker {
  root = 'value';
  depth = 0;
  prefix: PathPrefix | undefined;
  readonly kinds: number[] = [0];
  readonly keys: unknown[] = [0];

  reset(root = 'value'): void {
    this.root = root;
    this.depth = 0;
    this.prefix = undefined;
  }

  /** Opens a level; the caller stores its key into `keys[depth]` for each child. */
  enter(kind: number): number {
    const depth = ++this.depth;
    this.kinds[depth] = kind;
    this.keys[depth] = 0;
    return depth;
  }

  /** The current place, for a container whose contents are written later. */
  capture(): PathPrefix {
    return { before: this.prefix, steps: this.#steps() };
  }

  toString(): string {
    const steps = this.#steps();
    for (let prefix = this.prefix; prefix; prefix = prefix.before) steps.unshift(...prefix.steps);
    const hidden = steps.length - 2 * SHOWN_STEPS;
    if (hidden > 0) steps.splice(SHOWN_STEPS, hidden, `…(${hidden} more)…`);
    return this.root + steps.join('');
  }

  #steps(): string[] {
    const steps: string[] = [];
    for (let i = 1; i <= this.depth; i++) {
      steps.push(format(this.kinds[i] as number, this.keys[i]));
    }
    return steps;
  }
}

function format(kind: number, key: unknown): string {
  switch (kind) {
    case STEP_INDEX:
      return `[${key}]`;
    case STEP_MAP_VALUE:
      return `.get(${mapKey(key)})`;
    case STEP_MAP_VALUE_AT:
      return `.get(key ${key})`;
    case STEP_MAP_KEY:
      return `.keys()[${key}]`;
    case STEP_SET_MEMBER:
      return `.values()[${key}]`;
    case STEP_ENCODED:
      return '.encode()';
    default:
      return typeof key === 'string' && IDENTIFIER.test(key)
        ? `.${key}`
        : `[${JSON.stringify(String(key))}]`;
  }
}

function mapKey(key: unknown): string {
  if (typeof key === 'bigint') return `${key}n`;
  if (typeof key !== 'string') return String(key);
  return JSON.stringify(key.length > SHOWN_KEY ? `${key.slice(0, SHOWN_KEY)}…` : key);
}
