import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** A stored document changed since it was read. */
export class Conflict extends CloudOptimError {
  constructor(collection: string, id: string, expected: number, found: number) {
    super(
      'conflict',
      `${collection}/${id} is at version ${found}, not ${expected}: somebody else wrote it. Read it again and retry.`,
    );
  }

  static override isInstance(value: unknown): value is Conflict {
    return hasCode(value, 'conflict');
  }
}
