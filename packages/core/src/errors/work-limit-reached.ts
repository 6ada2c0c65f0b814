import { CloudOptimError, hasCode } from './cloudoptim-error.js';

/** The work budget is spent. An engine may catch it and return what it has, marked `truncated`. */
export class WorkLimitReached extends CloudOptimError {
  readonly limit: number;

  constructor(limit: number) {
    super('work-limit-reached', `The work limit of ${limit} units is used up; raise workLimit for a longer search.`);
    this.limit = limit;
  }

  static override isInstance(value: unknown): value is WorkLimitReached {
    return hasCode(value, 'work-limit-reached');
  }
}
