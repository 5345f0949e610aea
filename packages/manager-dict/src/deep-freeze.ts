/**
 * Freezes plain objects and arrays through and through. What cannot be frozen so that it counts
 * (typed arrays, Maps, instances of classes) is left as it is, and so is what lies inside.
 */
export function deepFreeze<T>(value: T): T {
  if (!isPlain(value)) return value;
  // A list instead of recursion: values may be nested ten thousand levels deep.
  const rest: object[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (Object.isFrozen(next) && Object.keys(next).length > 0) continue;
    Object.freeze(next);
    for (const member of Array.isArray(next) ? next : Object.values(next)) {
      if (isPlain(member)) rest.push(member);
    }
  }
  return value;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
