export function empty() {}
