import type { Position } from './bad-input.js';

/** What a scanner finds. Bytes are views into the input: use them before the next `push`. */
export type JsonEvent =
  /** A whole object that is not a list. */
  | { readonly type: 'object'; readonly bytes: Buffer; readonly at: Position }
  /** A text, number or the like where a document or an item was expected. */
  | { readonly type: 'scalar' }
  /** The items of a list begin; `bytes` are its own object so far, up to and with the opening bracket. */
  | { readonly type: 'list-start'; readonly bytes: Buffer; readonly at: Position }
  /** A list ended; `bytes` are its own object without its items. */
  | { readonly type: 'list-end'; readonly bytes: Buffer; readonly at: Position };
