import type { AnalyzeRequest, DecisionContext, DecisionEngine, DecisionResponse, Plan } from '@cloudoptim/core';
import type { Mutant } from './mutant.js';
import { createReferenceEngine } from './reference-engine.js';

/**
 * Engines that do not go through core's sealing, as one written in another language might: the reference's response, changed.
 * What sealing makes unsayable for authors must still be caught in them.
 */
export const hostMutants: readonly Mutant[] = [
  mutant('counts-savings-twice', ['adds-up'], (plan) => ({
    ...plan,
    savingsUsdPerHour: {
      ...plan.savingsUsdPerHour,
      point: plan.savingsUsdPerHour.point * 2,
      upper: plan.savingsUsdPerHour.upper * 2,
    },
  })),
  mutant('claims-more-in-every-total', ['adds-up'], (plan) => claimingMore(plan, 0.01)),
  mutant('saves-not-a-number', ['finite-numbers'], (plan) => ({
    ...plan,
    groups: plan.groups.map((group) => ({
      ...group,
      savingsUsdPerHour: { ...group.savingsUsdPerHour, point: Number.NaN },
    })),
  })),
  mutant('turns-its-interval-around', ['finite-numbers'], (plan) => ({
    ...plan,
    projectedUsdPerHour: { ...plan.projectedUsdPerHour, lower: plan.projectedUsdPerHour.point + 1 },
  })),
  mutant('hides-unpriced-nodes', ['unknown-prices', 'forgotten-price'], (plan) => ({ ...plan, unpriced: [] })),
  mutant('repeats-an-id', ['known-order'], (plan) => ({
    ...plan,
    groups: plan.groups.map((group) => ({
      ...group,
      actions: group.actions.map((action) => ({ ...action, id: 'a' })),
    })),
  })),
  mutant('waits-for-nobody', ['known-order'], (plan) => ({
    ...plan,
    groups: plan.groups.map((group) => ({ ...group, dependsOn: ['g99'] })),
  })),
  mutant('waits-in-a-circle', ['known-order'], (plan) => ({
    ...plan,
    groups: plan.groups.map((group) => ({ ...group, dependsOn: [group.id] })),
  })),
  mutant('drops-reasons-afterwards', ['reasons-given'], (plan) => ({
    ...plan,
    groups: plan.groups.map((group) => ({
      ...group,
      actions: group.actions.map((action) => ({ ...action, reasons: [] as unknown as typeof action.reasons })),
    })),
  })),
  mutant('loses-undefined-in-json', ['survives-json'], (plan) => ({
    ...plan,
    clusterId: undefined as unknown as string,
  })),
  mutant('signs-with-another-version', ['well-formed'], (plan) => ({
    ...plan,
    engine: { ...plan.engine, version: '9.9.9' },
  })),
  {
    engine: wrap('thaws-a-freeze', async (engine, request, context) =>
      engine.analyze({ ...request, policy: { ...request.policy, freeze: false } }, context),
    ),
    caughtBy: ['keeps-freeze'],
  },
  {
    engine: wrap('throws-when-asked', async () => {
      throw new Error('out of luck');
    }),
    caughtBy: ['answers'],
  },
  {
    engine: wrap('forgets-what-it-spent', async (engine, request, context) => ({
      ...(await engine.analyze(request, context)),
      spentUnits: 0,
    })),
    caughtBy: ['keeps-work-limit'],
  },
];

type Analyze = (engine: DecisionEngine, request: AnalyzeRequest, context: DecisionContext) => Promise<DecisionResponse>;

function wrap(id: string, analyze: Analyze): DecisionEngine {
  const engine = createReferenceEngine(id);
  return {
    id,
    version: engine.version,
    contractVersion: 'v1',
    considers: engine.considers,
    requires: engine.requires,
    optionsJsonSchema: () => engine.optionsJsonSchema(),
    analyze: (request, context) => analyze(engine, request, context),
  };
}

function mutant(id: string, caughtBy: Mutant['caughtBy'], change: (plan: Plan) => Plan): Mutant {
  const engine = wrap(id, async (reference, request, context) => {
    const response = await reference.analyze(request, context);
    return { ...response, plan: change(response.plan) };
  });
  return { engine, caughtBy };
}

/** All totals agree with each other; only the market knows better. */
function claimingMore(plan: Plan, usd: number): Plan {
  const [first, ...rest] = plan.groups;
  if (first === undefined) return plan;
  const plus = <T extends { point: number; lower: number; upper: number }>(estimate: T, amount: number): T => ({
    ...estimate,
    point: round(estimate.point + amount),
    lower: round(estimate.lower + amount),
    upper: round(estimate.upper + amount),
  });
  return {
    ...plan,
    groups: [{ ...first, savingsUsdPerHour: plus(first.savingsUsdPerHour, usd) }, ...rest],
    savingsUsdPerHour: plus(plan.savingsUsdPerHour, usd),
    projectedUsdPerHour: plus(plan.projectedUsdPerHour, -usd),
  };
}

function round(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}
