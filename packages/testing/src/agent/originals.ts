/**
 * The engine's own functions, kept before the simulated ones take their place. Everything that
 * the explorer itself does in an agent's thread goes through these.
 */
export const originals = {
  add: Atomics.add,
  and: Atomics.and,
  compareExchange: Atomics.compareExchange,
  exchange: Atomics.exchange,
  load: Atomics.load,
  notify: Atomics.notify,
  or: Atomics.or,
  store: Atomics.store,
  sub: Atomics.sub,
  wait: Atomics.wait,
  xor: Atomics.xor,
  setImmediate: globalThis.setImmediate,
};
