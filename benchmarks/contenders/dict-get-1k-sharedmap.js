import { KIBIBYTE, makeSharedMap, measureGet } from './dict-load.js';

console.log(measureGet(makeSharedMap(KIBIBYTE), 100_000));
