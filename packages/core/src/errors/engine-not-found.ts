import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** The registry holds no engine of that id. */
export class EngineNotFound extends CloudOptimError {
  constructor(id: string, known: readonly string[]) {
    super('engine-not-found', `No engine ${JSON.stringify(id)} is registered. Known: ${known.join(', ') || 'none'}.`);
  }

  static override isInstance(value: unknown): value is EngineNotFound {
    return hasCode(value, 'engine-not-found');
  }
}
