import { makeMap, measureGet } from './dict-load.js';

console.log(measureGet(makeMap(1)));
