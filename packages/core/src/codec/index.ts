export { type AnyClass, type ClassOptions, registerClass } from './class-registry.js';
export {
  Codec,
  type CodecContext,
  type DecodeOptions,
  type Encoded,
  type EncodeOptions,
  type Location,
  type SharedReference,
} from './codec.js';
