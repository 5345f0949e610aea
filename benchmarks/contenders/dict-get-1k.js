import { KIBIBYTE, makeDict, measureGet } from './dict-load.js';

console.log(measureGet(makeDict(KIBIBYTE), 200_000));
