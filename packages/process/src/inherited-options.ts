/**
 * Options of Node that belong to one program run and not to its children: what it evaluates, that
 * it is a test run or watched, and the port of its debugger.
 */
const OWN = /^--(?:inspect(?:-brk|-port|-wait)?|input-type|test|watch(?:-path)?)(?:=|$)/;

/** Options whose value may be the next argument. */
const WITH_VALUE = /^--(?:inspect-port|input-type|watch-path)$/;

/** The options of Node that spawned processes get. */
export function inheritedOptions(): string[] {
  const options: string[] = [];
  const all = withoutEvaluation(process.execArgv);
  for (let i = 0; i < all.length; i++) {
    const option = all[i] as string;
    if (!OWN.test(option)) options.push(option);
    else if (WITH_VALUE.test(option)) i++;
  }
  return options;
}

/**
 * The options of Node that threads get: `undefined` leaves it to Node, which lets a thread inherit
 * also what it does not accept from us, such as options of V8. But a thread cannot start from a
 * file with the option that says what language `-e code` is in.
 */
export function inheritedThreadOptions(): string[] | undefined {
  const isEvaluated = process.execArgv.some((option) => option.startsWith('--input-type'));
  return isEvaluated ? inheritedOptions() : undefined;
}

/** Without `-e code`, which would run the starter's program in each child. */
function withoutEvaluation(options: readonly string[]): readonly string[] {
  const { _eval: code } = process as unknown as { _eval?: string };
  const index = code === undefined ? -1 : options.lastIndexOf(code);
  return index > 0 ? options.toSpliced(index - 1, 2) : options;
}
