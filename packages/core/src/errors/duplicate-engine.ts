import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** Two engines with one id: which one a request means could not be told. */
export class DuplicateEngine extends CloudOptimError {
  constructor(id: string) {
    super(
      'duplicate-engine',
      `An engine ${JSON.stringify(id)} is registered already; ids are unique in a registry. Rename one of them.`,
    );
  }

  static override isInstance(value: unknown): value is DuplicateEngine {
    return hasCode(value, 'duplicate-engine');
  }
}
