/**
 * A parameter of the command line, `name=value`, the last one of that name.
 *
 * @param name - of the parameter
 * @param fallback - where there is none; tells by its type what is wanted
 */
export function parameter(name, fallback) {
  const found = process.argv.findLast((argument) => argument.startsWith(`${name}=`));
  if (found === undefined) return fallback;
  const value = found.slice(name.length + 1);
  return typeof fallback === 'number' ? Number(value) : value;
}
