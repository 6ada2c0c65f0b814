import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** The signal fired. */
export class Aborted extends CloudOptimError {
  constructor(cause?: unknown) {
    super('aborted', 'The analysis was aborted by its signal.', { cause });
  }

  static override isInstance(value: unknown): value is Aborted {
    return hasCode(value, 'aborted');
  }
}
