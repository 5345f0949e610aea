import { makeSharedMap, measureSet } from './dict-load.js';

console.log(measureSet(makeSharedMap(1), undefined, 200_000));
