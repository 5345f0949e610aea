import { makeSharedMap, measureGet } from './dict-load.js';

console.log(measureGet(makeSharedMap(1), 200_000));
