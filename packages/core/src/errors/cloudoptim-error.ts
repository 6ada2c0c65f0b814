const marker = Symbol.for('cloudoptim.error');

export type ErrorCode =
  | 'invalid-request'
  | 'invalid-plan'
  | 'invalid-quantity'
  | 'invalid-input'
  | 'aborted'
  | 'work-limit-reached'
  | 'engine-not-found'
  | 'duplicate-engine'
  | 'contract-mismatch'
  | 'conflict';

/**
 * The root of all errors of CloudOptim. Recognise one by `isInstance`, not by `instanceof`: two copies of this package (ESM
 * and CJS, or two versions) may be loaded at once. `code` is stable; the message names who, what, value and remedy.
 */
export class CloudOptimError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  static isInstance(value: unknown): value is CloudOptimError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

/** For the subclasses' own `isInstance`. */
export function hasCode(value: unknown, code: ErrorCode): boolean {
  return CloudOptimError.isInstance(value) && value.code === code;
}
