/** Tasks that a worker can hold at once: queued, running, or done and not yet collected. */
export const SLOTS = 64;

/** Entries of the order ring; more than slots, because a recalled task leaves its entry behind. */
export const ORDER_ENTRIES = 128;

/** Progress values on their way at once. */
export const PROGRESS_ENTRIES = 64;

/** Arguments or a result up to so many bytes travel in the slot itself. */
export const INLINE_BYTES = 80;

/**
 * The content of a lane: everything that the pool's owner and one of its workers tell each other.
 *
 * | word | value | who changes it |
 * | --- | --- | --- |
 * | BRANCH | branch header: the words from OWNED on own blocks | maker |
 * | CONTROL | {@link CONTROL} | owner |
 * | PHASE | {@link PHASE} | worker |
 * | ORDER_TAIL | tasks ever put; storing it publishes the entry and its slot to `next` | owner |
 * | ORDER_HEAD | entries that the worker has passed | worker |
 * | DONE_TAIL | tasks ever finished; storing it publishes the entry to `nextDone` | worker |
 * | PROGRESS_TAIL | progress values ever put; publishes the entry to `takeProgress` | worker |
 * | PROGRESS_HEAD | progress values that the owner has taken | owner |
 * | CANCELS | moves after each change of a slot's CANCEL | owner |
 * | HOLDER | slot + 1 of the task that holds the worker's thread; 0: none | worker |
 * | WORK | event count: the worker waits here for tasks, cancellations, room and CONTROL | `EventCount` |
 * | ORDER_RING | `slot + ticket * 64`, in the order in which tasks are to be begun | owner |
 * | DONE_RING | slots, in the order in which their tasks ended | worker |
 * | PROGRESS_RING | `slot + ticket * 64` of the task that the value is about | worker |
 * | OWNED | payloads: of each slot's arguments, then results, then of progress values, then FAILURE | see {@link SLOT} |
 * | SLOTS | the slots | |
 */
export const LANE = {
  BRANCH: 0,
  CONTROL: 2,
  PHASE: 3,
  ORDER_TAIL: 4,
  ORDER_HEAD: 5,
  DONE_TAIL: 6,
  PROGRESS_TAIL: 7,
  PROGRESS_HEAD: 8,
  CANCELS: 9,
  HOLDER: 10,
  WORK: 12,
  ORDER_RING: 16,
  DONE_RING: 16 + ORDER_ENTRIES,
  PROGRESS_RING: 16 + ORDER_ENTRIES + SLOTS,
  OWNED: 16 + ORDER_ENTRIES + SLOTS + PROGRESS_ENTRIES,
  SLOTS: 468,
} as const;

/** Owned words, relative to OWNED. */
export const OWNED_WORDS = {
  ARGUMENTS: 0,
  RESULTS: SLOTS,
  PROGRESS: 2 * SLOTS,
  /** The error of a failed initializer. */
  FAILURE: 2 * SLOTS + PROGRESS_ENTRIES,
  COUNT: 2 * SLOTS + PROGRESS_ENTRIES + 1,
} as const;

/** What the owner asks of the worker as a whole. */
export const CONTROL = {
  RUN: 0,
  /** End as soon as no task is left. */
  CLOSE: 1,
} as const;

/** How far the worker is. */
export const PHASE = {
  STARTING: 0,
  /** The initializer has returned: tasks may come. */
  READY: 1,
  /** The initializer has thrown; its error is in FAILURE. */
  FAILED: 2,
  /** It asks to be replaced, because it uses too much memory. */
  HEAVY: 3,
} as const;

/**
 * A slot: one task from the moment it is handed to the worker until its result is collected.
 *
 * | word | value | who changes it | to |
 * | --- | --- | --- | --- |
 * | STATE | `ticket * 8` + {@link STATE} | see there | |
 * | CALL | number of the function * 4 + {@link KIND} | owner, before QUEUED | |
 * | FLAGS | {@link FLAG} | owner, before QUEUED | |
 * | LENGTH | bytes of the arguments in the slot; -1: in the owned word | owner, before QUEUED | |
 * | CANCEL | 0, or {@link CANCEL}: why the task is to stop | owner, before CANCELS moves | |
 * | OUTCOME | {@link OUTCOME} | worker, before DONE | |
 * | RESULT_LENGTH | bytes of the result in the slot; -1: in the owned word | worker, before DONE | |
 * | STARTED | when it was begun, in microseconds of the system's monotonic clock, modulo 2³² | worker, before RUNNING | |
 * | RAN | how long it ran, in microseconds | worker, before DONE | |
 *
 * Of its two owned words the owner fills the arguments, and the worker empties them (by exchange) when it
 * has read them and they are not to be kept; the worker fills the result, and the owner empties it.
 */
export const SLOT = {
  STATE: 0,
  CALL: 1,
  FLAGS: 2,
  LENGTH: 3,
  CANCEL: 4,
  OUTCOME: 5,
  RESULT_LENGTH: 6,
  STARTED: 7,
  RAN: 8,
  ARGUMENT_BYTES: 12,
  RESULT_BYTES: 12 + INLINE_BYTES / 4,
  WORDS: 12 + (2 * INLINE_BYTES) / 4,
} as const;

/**
 * State of a slot. The ticket above it tells the task from all others that the slot held, so a stale
 * entry of the order ring is recognised.
 *
 * | state | who changes it | to |
 * | --- | --- | --- |
 * | FREE | owner | QUEUED |
 * | QUEUED | worker, by compare-exchange | RUNNING |
 * | | owner, by compare-exchange: cancelled, or given to another worker | FREE |
 * | RUNNING | worker, once the result is written, which this publishes to the owner | DONE |
 * | DONE | owner, when it has the result | FREE |
 *
 * When the worker has died, the states alone decide: QUEUED runs elsewhere, RUNNING is lost, DONE counts.
 */
export const STATE = { FREE: 0, QUEUED: 1, RUNNING: 2, DONE: 3 } as const;

/** Bits of STATE below the ticket. */
export const STATE_BITS = 3;

/** Bits of an entry below the ticket. */
export const SLOT_BITS = 6;

/** Tickets run from 1 to here and begin again. */
export const MAX_TICKET = 2 ** 25 - 1;

/** What is to be called how. */
export const KIND = {
  /** The function, with the arguments. */
  CALL: 0,
  /** The function for each element, which is its argument. */
  MAP: 1,
  /** The function for each element, which is a list of its arguments. */
  STARMAP: 2,
  /** Nothing: the value says what the number of a function means from now on. */
  DEFINE: 3,
} as const;

/** Number of no function: the value is a callable object and its arguments. */
export const CALLABLE = 0;

/** Bits of FLAGS. */
export const FLAG = {
  /** The arguments name modules, to be imported before they are decoded. */
  MODULES: 1,
  /** The owner may need the arguments again. */
  KEEP: 2,
} as const;

/** How a task ended. */
export const OUTCOME = {
  VALUE: 0,
  ERROR: 1,
  /** Flag: the result names modules. */
  MODULES: 2,
} as const;

/** Why a running task is to stop. */
export const CANCEL = { NONE: 0, ABORTED: 1, TIMED_OUT: 2 } as const;
