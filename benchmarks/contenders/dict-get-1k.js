import { makeDict, measureGet, TEXT, textRounds } from './dict-load.js';

console.log(measureGet(makeDict(TEXT), textRounds(200_000)));
