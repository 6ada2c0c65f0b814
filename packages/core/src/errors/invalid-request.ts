import { CloudOptimError, hasCode } from './cloudoptim-error.js';
import { describeIssues, type Issue } from './issue.js';

/** A request that does not fit the contract or the engine's options: each issue names a path, the value and the remedy. */
export class InvalidRequest extends CloudOptimError {
  readonly issues: readonly Issue[];

  constructor(who: string, issues: readonly Issue[], options?: { cause?: unknown }) {
    super('invalid-request', describeIssues(who, issues), options);
    this.issues = issues;
  }

  static override isInstance(value: unknown): value is InvalidRequest {
    return hasCode(value, 'invalid-request');
  }
}
