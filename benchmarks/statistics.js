/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median and spread of some numbers. */
export function summarise(numbers) {
  return { median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) };
}

/** A number with as many digits as a noisy machine deserves. */
export function format(number) {
  const size = Math.abs(number);
  if (size >= 100 || number === 0) return number.toFixed(0);
  return size >= 1 ? number.toFixed(1) : number.toPrecision(2);
}
