import { CloudOptimError, hasCode } from './cloudoptim-error.js';
import { describeIssues, type Issue } from './issue.js';

/** An engine returned a decision that cannot be sealed: a bug of the engine, never of its user. */
export class InvalidPlan extends CloudOptimError {
  readonly issues: readonly Issue[];

  constructor(who: string, issues: readonly Issue[], options?: { cause?: unknown }) {
    super('invalid-plan', describeIssues(who, issues), options);
    this.issues = issues;
  }

  static override isInstance(value: unknown): value is InvalidPlan {
    return hasCode(value, 'invalid-plan');
  }
}
