import type { CandidateKind } from './candidate-kind.js';
import type { DecisionContext } from './context.js';
import type { Decision, DecisionRequest } from './decision.js';
import { digestOf, sha256 } from './digest.js';
import { fromNanoUsd, toNanoUsd } from './money.js';
import type { ActionGroup, Plan } from './plan.js';
import { createPriceBook } from './price-book.js';

/** What sealing needs to know of a decision's origin. */
export interface SealRequest {
  readonly engine: { readonly id: string; readonly version: string; readonly considers: readonly CandidateKind[] };
  /** As parsed: with the whole policy, and the inputs that the decision was made from. */
  readonly request: DecisionRequest;
  readonly decision: Decision;
  readonly context: Pick<DecisionContext, 'now' | 'seed'>;
}

/** Turns what an author decided into a plan. */
export async function sealPlan({ engine, request, decision, context }: SealRequest): Promise<Plan> {
  const prices = createPriceBook(request.market);
  let nano = 0n;
  for (const node of request.cluster?.nodes ?? []) nano += toNanoUsd(prices.nodeUsdPerHour(node) ?? 0);
  const current = fromNanoUsd(nano);
  const nothing = { point: 0, lower: 0, upper: 0, confidence: 1, basis: 'not yet computed' };
  const groups: ActionGroup[] = decision.groups.map((group, position) => ({
    id: `g${position + 1}`,
    dependsOn: (group.after ?? []).map((other) => `g${other + 1}`),
    actions: group.actions.map((draft, index) => ({
      ...draft,
      id: `g${position + 1}.a${index + 1}`,
      dependsOn: index === 0 ? [] : [`g${position + 1}.a${index}`],
      expect: [],
      deadlineSeconds: 600,
      onFailure: 'stop-group' as const,
    })),
    savingsUsdPerHour: nothing,
  }));
  const stateDigest = request.cluster === undefined ? undefined : await digestOf(request.cluster);
  return {
    schema: 'plan/v1',
    contractVersion: 'v1',
    id: await sha256(`${engine.id}|${engine.version}|${stateDigest}|${context.now}|${context.seed}`),
    engine: { id: engine.id, version: engine.version },
    considers: engine.considers,
    createdAtMs: context.now,
    validUntilMs: context.now + (decision.validForMs ?? request.policy.planValidSeconds * 1000),
    seed: context.seed,
    ...(stateDigest === undefined ? {} : { stateDigest }),
    groups,
    maxGroupsInFlight: request.policy.maxGroupsInFlight,
    rejections: decision.rejections,
    currentUsdPerHour: current,
    projectedUsdPerHour: { ...nothing, point: current, lower: current, upper: current },
    savingsUsdPerHour: nothing,
    unpriced: [],
    truncated: decision.truncated === true,
  };
}
