import type { Action, ActionGroup, DecisionResponse, LowerBoundCertificate, Plan } from '@cloudoptim/core';
import { fromNanoUsd, toNanoUsd } from '@cloudoptim/core';
import fc from 'fast-check';
import { arbitraryInstant, arbitraryRecord, arbitraryUsd } from './adversarial.js';
import { arbitraryJsonValue } from './json.js';
import {
  arbitraryEstimate,
  arbitraryFact,
  arbitraryIntent,
  arbitraryReason,
  arbitraryRejection,
  arbitrarySchedule,
} from './plan-parts.js';

/** An action whose id is still to be given by its place in the plan. */
function arbitraryAction(): fc.Arbitrary<Action> {
  return fc
    .record(
      {
        intent: arbitraryIntent(),
        reason: arbitraryReason(),
        schedule: arbitrarySchedule(),
        expect: fc.array(arbitraryFact(), { maxLength: 2 }),
        onFailure: fc.constantFrom('stop-group' as const, 'stop-plan' as const),
        undo: arbitraryIntent(),
      },
      { requiredKeys: ['intent', 'reason', 'schedule', 'expect', 'onFailure'] },
    )
    .map(({ intent, reason, schedule, ...rest }) => ({
      ...intent,
      ...schedule,
      ...rest,
      id: '',
      dependsOn: [],
      reasons: [reason] as const,
    }));
}

/** Groups whose actions form a chain and which depend on the group before or on none. */
export function arbitraryActionGroups(): fc.Arbitrary<readonly ActionGroup[]> {
  const group = fc.record({
    actions: fc.array(arbitraryAction(), { minLength: 1, maxLength: 3 }),
    savingsUsdPerHour: arbitraryEstimate(),
    follows: fc.boolean(),
    entrusted: fc.boolean(),
  });
  return fc.array(group, { maxLength: 3 }).map((groups) =>
    groups.map(({ actions, savingsUsdPerHour, follows, entrusted }, position) => ({
      id: `g${position + 1}`,
      dependsOn: follows && position > 0 ? [`g${position}`] : [],
      actions: actions.map((action, index) => ({
        ...action,
        id: `g${position + 1}.a${index + 1}`,
        dependsOn: index === 0 ? [] : [`g${position + 1}.a${index}`],
      })),
      ...(entrusted && { executor: 'karpenter' as const }),
      savingsUsdPerHour,
    })),
  );
}

function arbitraryCertificate(): fc.Arbitrary<LowerBoundCertificate> {
  return fc.record({
    usdPerHour: arbitraryUsd(),
    method: fc.constant('multi-resource-lp'),
    dualPrices: arbitraryRecord(fc.constantFrom(0, 0.5, 1e-9)),
    cuts: fc.array(
      fc.record({ kind: fc.constant('anti-affine'), dualPrice: arbitraryUsd(), payload: arbitraryJsonValue() }),
      { maxLength: 2 },
    ),
    scope: fc.constant('these requests, offerings, prices and policy'),
  });
}

/**
 * Plans with every kind of action, whose form is right and whose sums add up, but which mean nothing for any cluster: for laws
 * on codecs, stores and renderers. Plans that make sense come from an engine.
 */
export function arbitraryPlan(): fc.Arbitrary<Plan> {
  return fc
    .record(
      {
        considers: fc.subarray(['nodes', 'workloads', 'containers', 'replicas', 'pools'] as const),
        createdAtMs: arbitraryInstant(),
        validForMs: fc.integer({ min: 1, max: 3_600_000 }),
        seed: fc.nat(),
        stateDigest: fc.constant('0'.repeat(64)),
        clusterId: fc.constant('testkit-cluster'),
        pricesAsOfMs: arbitraryInstant(),
        groups: arbitraryActionGroups(),
        maxGroupsInFlight: fc.integer({ min: 1, max: 4 }),
        rejections: fc.array(arbitraryRejection(), { maxLength: 2 }),
        currentUsdPerHour: arbitraryUsd(),
        unpriced: fc.array(arbitraryRejection(), { maxLength: 1 }),
        lowerBound: arbitraryCertificate(),
        truncated: fc.boolean(),
      },
      {
        requiredKeys: [
          'considers',
          'createdAtMs',
          'validForMs',
          'seed',
          'groups',
          'maxGroupsInFlight',
          'rejections',
          'currentUsdPerHour',
          'unpriced',
          'truncated',
        ],
      },
    )
    .map(({ validForMs, ...rest }) => {
      const total = (side: 'point' | 'lower' | 'upper') =>
        rest.groups.reduce((sum, group) => sum + toNanoUsd(group.savingsUsdPerHour[side]), 0n);
      const current = toNanoUsd(rest.currentUsdPerHour);
      const estimate = (lower: bigint, point: bigint, upper: bigint) => ({
        ...{ lower: fromNanoUsd(lower), point: fromNanoUsd(point), upper: fromNanoUsd(upper) },
        confidence: 0.9,
        basis: 'on-demand list prices',
      });
      return {
        ...rest,
        schema: 'plan/v1',
        contractVersion: 'v1',
        id: 'f'.repeat(64),
        engine: { id: 'example', version: '1.0.0' },
        validUntilMs: rest.createdAtMs + validForMs,
        savingsUsdPerHour: estimate(total('lower'), total('point'), total('upper')),
        projectedUsdPerHour: estimate(current - total('upper'), current - total('point'), current - total('lower')),
      } as const;
    });
}

/** Responses around such plans. */
export function arbitraryDecisionResponse(): fc.Arbitrary<DecisionResponse> {
  return fc.record(
    {
      contractVersion: fc.constant('v1' as const),
      plan: arbitraryPlan(),
      memory: arbitraryJsonValue(),
      spentUnits: fc.nat(),
    },
    { requiredKeys: ['contractVersion', 'plan', 'spentUnits'] },
  );
}
