import { makeDict, measureSet, TEXT, textRounds } from './dict-load.js';

console.log(measureSet(makeDict(TEXT), TEXT, textRounds(200_000)));
