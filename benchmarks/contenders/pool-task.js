/** The tasks of all pools. */
export const add = (a, b) => a + b;
export const square = (x) => x * x;
export const echo = (value) => value;
/** `add` for pools that pass one value. */
export const addBoth = ({ a, b }) => a + b;
