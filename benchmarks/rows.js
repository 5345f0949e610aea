import * as dict from './rows/dict.js';
import * as lock from './rows/lock.js';
import * as memory from './rows/memory.js';
import * as pipe from './rows/pipe.js';
import * as pool from './rows/pool.js';
import * as process from './rows/process.js';
import * as queue from './rows/queue.js';
import * as shared from './rows/shared.js';
import * as sync from './rows/sync.js';

const parts = [lock, process, shared, sync, pipe, pool, dict, queue, memory];

/**
 * What is measured. Each contender is a program below `contenders/` with the parameters that follow;
 * it prints one number, in the row's unit, and lower is better.
 *
 * - `budget`, or each of several, compares the first contender, which is ours, with a peer: at most
 *   `ratio` times what the peer takes, plus `extra`.
 * - `growth`, or each of several, is a curve: the row at several `values` of one `parameter`, for
 *   the row's first two `contenders` or its own ones. More agents do the row's work together: where
 *   they are independent of each other, the time for one call falls until every core is busy.
 * - `coveredBy`: a row without `growth` has the id of the one whose curves show how it grows as well.
 * - `rounds` bounds how often a row, or a point of a curve, is measured that takes a minute or does
 *   not vary.
 */
export const rows = parts.flatMap(({ rows }) => rows);

/** What each contender stands for that is a peer, or one of several of ours. */
export const names = Object.assign({}, ...parts.map(({ names }) => names));
