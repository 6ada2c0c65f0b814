import type { CandidateKind } from '../candidate-kind.js';
import type { DecisionContext } from '../context.js';
import type { Decision, DecisionRequest } from '../decision.js';

/** What sealing needs to know of a decision and of where it came from. */
export interface SealRequest {
  readonly engine: { readonly id: string; readonly version: string; readonly considers: readonly CandidateKind[] };
  /** As parsed: with the whole policy, and the inputs that the decision was made from. */
  readonly request: DecisionRequest;
  readonly decision: Decision;
  /** `spend`, where it is there, is asked for nothing now and then: so others have their turn, and an abort ends it. */
  readonly context: Pick<DecisionContext, 'now' | 'seed'> & Partial<Pick<DecisionContext, 'spend'>>;
}
