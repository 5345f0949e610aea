import { keyAt, makeDict, perRound } from './dict-load.js';

const dict = makeDict(1);
const add = (count) => {
  for (let i = 0; i < count; i++) dict.increment(keyAt(i));
};
console.log(perRound(300_000, add));
