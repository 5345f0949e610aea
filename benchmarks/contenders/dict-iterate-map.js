import { makeMap, measureIterate } from './dict-load.js';

console.log(measureIterate(makeMap(1)));
