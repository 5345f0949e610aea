import { makeDict, measureSet } from './dict-load.js';

console.log(measureSet(makeDict(1)));
