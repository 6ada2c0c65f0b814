import { CloudOptimError, hasCode } from './cloudoptim-error.js';
import { describeIssues, type Issue } from './issue.js';

/** A document that people or other tools wrote does not have the expected shape. */
export class InvalidInput extends CloudOptimError {
  readonly issues: readonly Issue[];

  constructor(who: string, issues: readonly Issue[], options?: { cause?: unknown }) {
    super('invalid-input', describeIssues(who, issues), options);
    this.issues = issues;
  }

  static override isInstance(value: unknown): value is InvalidInput {
    return hasCode(value, 'invalid-input');
  }
}
