import { makeDict, measureIterate } from './dict-load.js';

console.log(measureIterate(makeDict(1)));
