import type { CandidateKind } from './candidate-kind.js';
import type { DecisionContext } from './context.js';
import type { DecisionResponse, InputName, Inputs } from './decision.js';
import type { JsonValue } from './json.js';
import type { Policy } from './policy.js';

/** A request as hosts send it: not yet parsed, so `options` may be anything and policy may be partial. */
export interface AnalyzeRequest extends Partial<Inputs> {
  readonly contractVersion?: 'v1';
  readonly policy?: PartialPolicy;
  readonly options?: unknown;
  readonly memory?: JsonValue;
}

/** A policy with only what differs from `defaultPolicy`, at any depth of objects; lists are given whole. */
export type PartialPolicy = {
  readonly [K in keyof Policy]?: Policy[K] extends readonly unknown[]
    ? Policy[K]
    : Policy[K] extends object
      ? Partial<Policy[K]>
      : Policy[K];
};

/** What hosts hold: no generic leaks into registries and servers. */
export interface DecisionEngine {
  /** Kebab-case, unique in a registry. */
  readonly id: string;
  readonly version: string;
  readonly contractVersion: 'v1';
  readonly description?: string;
  readonly considers: readonly CandidateKind[];
  readonly requires: readonly InputName[];
  /** JSON Schema (draft 2020-12) of the options, for forms and documentation. */
  optionsJsonSchema(): JsonValue;
  /** Parses the request, decides, seals and checks. Throws `InvalidRequest`, `InvalidPlan`, `Aborted` or `WorkLimitReached`. */
  analyze(request: AnalyzeRequest, context: DecisionContext): Promise<DecisionResponse>;
}
