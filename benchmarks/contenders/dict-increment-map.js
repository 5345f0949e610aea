import { keyAt, makeMap, perRound } from './dict-load.js';

const map = makeMap(1);
const add = (count) => {
  for (let i = 0; i < count; i++) map.set(keyAt(i), map.get(keyAt(i)) + 1);
};
console.log(perRound(1_000_000, add));
