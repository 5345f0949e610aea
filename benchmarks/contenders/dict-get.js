import { makeDict, measureGet } from './dict-load.js';

console.log(measureGet(makeDict(1)));
