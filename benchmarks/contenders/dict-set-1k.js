import { KIBIBYTE, makeDict, measureSet } from './dict-load.js';

console.log(measureSet(makeDict(KIBIBYTE), KIBIBYTE, 200_000));
