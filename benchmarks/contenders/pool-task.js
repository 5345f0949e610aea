/** The task of all pools that take functions. */
export const add = (a, b) => a + b;
export const square = (x) => x * x;
/** The same, for pools that pass one value to the default export of a file. */
// biome-ignore lint/style/noDefaultExport: piscina and tinypool ask for it
export default ({ a, b }) => a + b;
/** Sends back what it gets. */
export const echo = (value) => value;
