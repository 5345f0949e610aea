import { makeMap, measureSet } from './dict-load.js';

console.log(measureSet(makeMap(1)));
