import { makeSharedMap, measureGet, TEXT, textRounds } from './dict-load.js';

console.log(measureGet(makeSharedMap(TEXT), textRounds(100_000)));
