import { makeSharedMap, measureSet, TEXT, textRounds } from './dict-load.js';

console.log(measureSet(makeSharedMap(TEXT), TEXT, textRounds(100_000)));
