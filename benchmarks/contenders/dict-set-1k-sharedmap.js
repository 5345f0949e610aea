import { KIBIBYTE, makeSharedMap, measureSet } from './dict-load.js';

console.log(measureSet(makeSharedMap(KIBIBYTE), KIBIBYTE, 100_000));
