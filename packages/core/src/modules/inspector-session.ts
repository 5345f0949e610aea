import type { Debugger, Runtime, Session } from 'node:inspector';
import type { Exportable } from './function-reference.js';
import { findScriptFile } from './script-file.js';

/** A piece of code that V8 compiled. */
export interface Script {
  readonly id: string;
  readonly url: string;
  /** `true` for an ES module. */
  readonly isModule: boolean;
  readonly sourceMapUrl: string;
  /** `true`: its text is that of its file, which need not be what was compiled. */
  readonly isAssumed: boolean;
}

/** The variables that one level of nesting offers to a function, as far as V8 keeps them. */
export interface Scope {
  /** V8's word for the level: `Module`, `Closure`, `Block`, `Script`, `Global`. */
  readonly description: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** What V8 knows about a function. */
export interface InspectedFunction {
  /** `undefined` for native, bound and proxied functions. */
  readonly script: Script | undefined;
  /** Line of the parameter list, or of the word `class`, in the code that runs; from 0. */
  readonly line: number;
  /** Column of the same place; from 0. */
  readonly column: number;
  /** From the innermost level outwards. */
  readonly scopes: readonly Scope[];
  /** What a bound function or a proxy calls. */
  readonly inner: Exportable | undefined;
}

/** The way values pass between the session and this file, which share no scope. */
interface Parked {
  value: unknown;
}

const GROUP = 'multiproc';
const PARKED = Symbol.for('multiproc.inspected');
// On `process`, not on `globalThis`: code in another vm context (a test runner's) has its own
// global object, while the session always evaluates in the main one. Both see one `process`.
const PARKED_EXPRESSION = "process[Symbol.for('multiproc.inspected')].value";
const UNPARK = "function () { process[Symbol.for('multiproc.inspected')].value = this; }";

const scripts = new Map<string, Script>();
let session: Session | undefined;
let refusal: unknown;
/** Only the latest text is kept: a program may have megabytes of code. */
let latest: { readonly id: string; readonly text: string } | undefined;

function connect(): Session {
  if (session !== undefined) return session;
  const inspector = process.getBuiltinModule('node:inspector');
  const fresh = new inspector.Session();
  fresh.connect();
  fresh.on('Debugger.scriptParsed', ({ params }) => {
    const { scriptId: id, url, isModule = false, sourceMapURL: sourceMapUrl = '' } = params;
    scripts.set(id, { id, url, isModule, sourceMapUrl, isAssumed: false });
  });
  session = fresh;
  return fresh;
}

/** A command on one's own thread is answered before `post` returns. */
function post<Result>(method: string, params: object = {}): Result {
  let failure: Error | null = null;
  let answer: unknown;
  connect().post(method, params, (error: Error | null, result?: object) => {
    failure = error;
    answer = result;
  });
  if (failure !== null) throw failure;
  return answer as Result;
}

/**
 * Runs `read` while V8 reports scripts. Enabling replays every script there is, which costs
 * milliseconds in a large program, and leaving it enabled would tax the user's code.
 */
function withDebugger<Result>(read: () => Result): Result {
  post('Debugger.enable');
  try {
    return read();
  } finally {
    post('Debugger.disable');
  }
}

function readSource(id: string): string {
  const parameters = { scriptId: id };
  return post<Debugger.GetScriptSourceReturnType>('Debugger.getScriptSource', parameters)
    .scriptSource;
}

function scriptOf(
  fn: Exportable,
  location: Debugger.Location,
  isCertain: boolean,
): Script | undefined {
  const { scriptId: id } = location;
  const known = scripts.get(id);
  if (known && !(known.isAssumed && isCertain)) return known;
  const file = isCertain ? undefined : findScriptFile(post, id);
  if (file && isAt(fn, file.text, location)) {
    scripts.set(id, { id, url: file.url, isModule: true, sourceMapUrl: '', isAssumed: true });
    latest = { id, text: file.text };
  } else {
    // The text of a new script is what is asked for next: one replay serves both.
    latest = { id, text: withDebugger(() => readSource(id)) };
  }
  return scripts.get(id);
}

/** Whether a function stands in a text where V8 says: its place is that of its parameters, or of the word `class`. */
function isAt(fn: Exportable, text: string, location: Debugger.Location): boolean {
  let offset = location.columnNumber ?? 0;
  for (let line = 0, end = -1; line < location.lineNumber; line++) {
    const next = text.indexOf('\n', end + 1);
    if (next < 0) return false;
    offset += next - end;
    end = next;
  }
  const own = Function.prototype.toString.call(fn);
  return text.startsWith(own, offset) || text.startsWith(own, offset - own.indexOf('('));
}

function unpark(objectId: string, parked: Parked): unknown {
  post('Runtime.callFunctionOn', { objectId, functionDeclaration: UNPARK });
  return parked.value;
}

function inspectParked(fn: Exportable, parked: Parked, isCertain: boolean): InspectedFunction {
  const { result } = post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
    expression: PARKED_EXPRESSION,
    objectGroup: GROUP,
  });
  const { internalProperties = [] } = post<Runtime.GetPropertiesReturnType>(
    'Runtime.getProperties',
    { objectId: result.objectId, ownProperties: true },
  );
  const internal = (name: string) => internalProperties.find((p) => p.name === name)?.value;
  const location: Debugger.Location | undefined = internal('[[FunctionLocation]]')?.value;
  const scopesId = internal('[[Scopes]]')?.objectId;
  const scopes = scopesId === undefined ? [] : Array.from(unpark(scopesId, parked) as Scope[]);
  const isModule = scopes.some(({ description }) => description === 'Module');
  const innerId = (internal('[[TargetFunction]]') ?? internal('[[Target]]'))?.objectId;
  return {
    script: location && scriptOf(fn, location, isCertain || !isModule),
    line: location?.lineNumber ?? 0,
    column: location?.columnNumber ?? 0,
    scopes,
    inner: innerId === undefined ? undefined : (unpark(innerId, parked) as Exportable),
  };
}

/**
 * Asks V8 where a function was written and which variables it sees. Runs none of the user's code.
 *
 * @param fn - the function or class
 * @param isCertain - `false`: the script may be assumed to have the text of its file, if the function stands there in the
 *   right place; that is faster
 * @returns what V8 knows, or `undefined` when this thread has no inspector (see
 *   {@link inspectorRefusal})
 *
 * @example
 * ```ts
 * import { inspectFunction } from './inspector-session.js';
 *
 * console.log(inspectFunction(Math.max)?.script); // → undefined
 * ```
 */
export function inspectFunction(fn: Exportable, isCertain = true): InspectedFunction | undefined {
  if (refusal !== undefined) return undefined;
  try {
    connect();
  } catch (error) {
    refusal = error;
    return undefined;
  }
  const parked: Parked = { value: fn };
  Object.defineProperty(process, PARKED, { value: parked, configurable: true });
  try {
    return inspectParked(fn, parked, isCertain);
  } finally {
    Reflect.deleteProperty(process, PARKED);
    // Otherwise the session would keep alive everything it has shown.
    post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  }
}

/**
 * Why this thread has no inspector.
 *
 * @returns what connecting threw, or `undefined` when it worked or was not tried yet
 *
 * @example
 * ```ts
 * import { inspectorRefusal } from './inspector-session.js';
 *
 * console.log(inspectorRefusal()); // → undefined
 * ```
 */
export function inspectorRefusal(): unknown {
  return refusal;
}

/**
 * The text that V8 compiled: types stripped, loaders applied.
 *
 * @param script - a script of an {@link InspectedFunction}
 * @returns its source text
 *
 * @example
 * ```ts
 * import { inspectFunction, scriptSource } from './inspector-session.js';
 *
 * const script = inspectFunction(() => 1)?.script;
 * console.log(script && scriptSource(script).includes('() => 1')); // → true
 * ```
 */
export function scriptSource(script: Script): string {
  const text = latest?.id === script.id ? latest.text : undefined;
  return text ?? withDebugger(() => readSource(script.id));
}
