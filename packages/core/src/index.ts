/**
 * The shared ground of multiproc: one block of memory for a family of processes and threads, and
 * what every primitive is built from. Programs use the packages on top; this one is for writing
 * such a package, and for {@link configure}.
 *
 * @packageDocumentation
 */
export { Agent } from './agents/agent.js';
export { AgentTable, type Tenant } from './agents/agent-table.js';
export { type Identity, identityOf, ownIdentity } from './agents/identity.js';
export { FLAG, SLOT } from './agents/slot.js';
export {
  ArgumentRangeError,
  ArgumentTypeError,
  checkFunction,
  checkOptions,
  checkWaitOptions,
} from './arguments.js';
export { Channel } from './channel/channel.js';
export { keepEncoded } from './channel/kept.js';
export type { ChannelHome } from './channel/layout.js';
export { MessageView, viewTaken } from './channel/message-view.js';
export { bytesFor, mayGrow, tryWritePayload } from './channel/share.js';
export type { Ledger } from './channel/take-end.js';
export { payloadBytes, type Taken, takePayload } from './channel/taken.js';
export { type AnyClass, type ClassOptions, registerClass } from './codec/index.js';
export type { DecodeOptions, Encoded, EncodeOptions, SharedReference } from './codec/types.js';
export {
  ArenaFullError,
  DeadlockError,
  DecodeError,
  DisposedError,
  EncodeError,
  FamilyError,
  HandleError,
  isMultiprocError,
  MultiprocError,
  NotExportedError,
  TimeoutError,
} from './errors.js';
export {
  acceptInvitation,
  configure,
  currentFamily,
  Family,
  hasJoined,
  memoryKind,
} from './family/family.js';
export { familyEnv } from './family/family-env.js';
export { knownBinary } from './family/native-binary.js';
export { loadNative } from './family/open-memory.js';
export type { FamilyOptions } from './family/settings.js';
export { Arena } from './memory/arena.js';
export { Epochs, type EpochTable } from './memory/epochs.js';
export type { Memory, MemoryKind, MemoryRegion } from './memory/memory.js';
export type { Native } from './memory/native.js';
export { ThreadMemory } from './memory/thread-memory.js';
export {
  type Exportable,
  type FunctionReference,
  parseReference,
} from './modules/function-reference.js';
export { locateFunction, registerFunction } from './modules/locate-function.js';
export { importModule, loadedExport } from './modules/module-loader.js';
export { prepareTypeScript } from './modules/prepare-typescript.js';
export type { Handle } from './objects/handle.js';
export { isLiving } from './objects/is-living.js';
export { findObject, makeNamedObject } from './objects/named-object.js';
export type { ObjectSpec } from './objects/object-header.js';
export { attach, type NameOptions, openObject } from './objects/open-object.js';
export {
  BRANCH_HEADER,
  type BranchShape,
  freeOwned,
  OWNED,
  writeBranch,
} from './objects/owned.js';
export { freePayload, readPayload, writePayload } from './objects/payload.js';
export { Attachment, SharedObject } from './objects/shared-object.js';
export { registerType, type SharedClass, type SharedType } from './objects/types.js';
export { randomBytes } from './random-bytes.js';
export { decode, decodePlain, encode, isPlainEncoding, modulesOf } from './values.js';
export { AnyEvent } from './waiting/any-event.js';
export type { Attempt, UntimedOptions, WaitOptions } from './waiting/attempt.js';
export { block, type Sleeper } from './waiting/block.js';
export { blockAsync, isTurnOver, nextTurn } from './waiting/block-async.js';
export { EventCount, type Ringer } from './waiting/event-count.js';
export { ABANDONED, GRANTED, type Grant, MutexWord, type Owners } from './waiting/mutex-word.js';
export { tryWithMutex, withMutex } from './waiting/with-mutex.js';
