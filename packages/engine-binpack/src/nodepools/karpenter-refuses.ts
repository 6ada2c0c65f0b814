import type { NodePoolBudget, Reason } from '@cloudoptim/core';
import { balancedScore, nodeDisruption } from '../balanced-score.js';
import type { Step } from '../changes.js';
import { keptArchitecture } from '../launch-kind.js';
import { type LaunchPool, poolOf } from '../launch-pool.js';
import type { Launchable } from '../launchable.js';
import type { Model } from '../model.js';
import { evictedWith, usd } from '../remove-node.js';
import { stepSavings } from '../search.js';
import { drifts, launchedCapacityType, offeringsIn, type PoolBox, tooFewValues } from './pool-box.js';

/** A step as Karpenter makes them: one node goes, and nodes come in its place or none does. */
export interface OneNode extends Pick<Step, 'launches'> {
  readonly node: number;
}

/**
 * Why Karpenter would not do this by itself once its pool is narrowed to the box; undefined where it would. A node outside of
 * the box drifts: Karpenter replaces it without asking for the price. One inside is left to consolidation, which must be on,
 * and replaces one node by one that is cheaper.
 * Source: karpenter v1.14 pkg/controllers/disruption/{drift,consolidation,emptiness,balanced}.go.
 */
export function karpenterRefuses(
  model: Model,
  boxes: ReadonlyMap<LaunchPool, PoolBox | undefined>,
  step: OneNode,
): Reason | undefined {
  const node = model.state.nodes[step.node];
  const pool = node === undefined ? undefined : poolOf(model.launchPools, node);
  if (node === undefined || pool === undefined) throw new RangeError(`Node ${step.node} is of no pool to launch into.`);
  const box = boxes.get(pool);
  // A pool that must not be narrowed may still have nodes that consolidation removes.
  if (box === undefined) return step.launches.length > 0 ? typesUnknown(pool) : notConsolidated(model, pool, step);
  if (step.launches.length > 0) {
    const unlike = unlikeKarpenter(model, pool, box, step.launches, keptArchitecture(model, node));
    if (unlike !== undefined) return unlike;
  }
  if (!drifts(box, node)) return notConsolidated(model, pool, step);
  return (pool.pool.budgets ?? []).some(forbidsDrift) ? driftForbidden(pool) : undefined;
}

function unlikeKarpenter(
  model: Model,
  pool: LaunchPool,
  box: PoolBox,
  launches: readonly Launchable[],
  architecture: string | undefined,
): Reason | undefined {
  const wanted = launches[0]?.offerings[0].offering.capacityType;
  const first = launchedCapacityType(box, pool);
  if (wanted !== first)
    return {
      code: 'other-capacity-type',
      message: `NodePool ${pool.pool.name} has ${[...box.capacityTypes].sort().join(' and ')} nodes, and Karpenter would launch ${first ?? 'nothing'} where the plan wants ${wanted ?? 'nothing'}.`,
    };
  const offerings = offeringsIn(box, model.candidates(pool).all);
  const other = offerings.find((one) => one.offering.capacityType === wanted && one.architecture !== architecture);
  if (architecture !== undefined && other !== undefined)
    return {
      code: 'other-architecture',
      message: `NodePool ${pool.pool.name} keeps nodes of type ${other.offering.instanceType}, and Karpenter may launch that ${other.architecture} type for pods that run on ${architecture} now; options.architectures is "keep".`,
    };
  const few = tooFewValues(pool, offerings);
  if (few === undefined) return undefined;
  return {
    code: 'too-few-offerings',
    message: `NodePool ${pool.pool.name} asks for ${few.minValues} values of ${few.key} (minValues), and what it would be narrowed to has fewer.`,
  };
}

function notConsolidated(model: Model, { pool }: LaunchPool, { node, launches }: OneNode): Reason | undefined {
  const object = model.state.nodes[node];
  const pods = evictedWith(model, node);
  const policy = pool.consolidationPolicy ?? 'WhenEmptyOrUnderutilized';
  const stays = `Nodes of its type (${object?.instanceType}) stay in NodePool ${pool.name}, so narrowing the pool does not replace it`;
  const say = (code: string, message: string): Reason => ({ code, message: `${stays}, and ${message}` });
  if (pool.consolidateAfterSeconds === null) return say('consolidation-off', 'consolidateAfter is Never.');
  if (policy === 'WhenEmpty' && pods.length > 0) return say('consolidation-off', `consolidationPolicy is ${policy}.`);
  if (launches.length > 1)
    return say('karpenter-replaces-by-one', `consolidation replaces a node by one node, not by ${launches.length}.`);
  const saved = stepSavings(model, { remove: [node], launches });
  if (saved <= 0) return say('karpenter-would-not-pay', 'consolidation launches nothing that is not cheaper.');
  if (launches.length > 0 && object?.capacityType === 'spot')
    return say('spot-to-spot', 'Karpenter replaces spot by spot only behind a feature gate and among 15 types.');
  const score = balancedScore(saved, nodeDisruption(model.state, pods), model.poolTotals(node));
  if (policy === 'Balanced' && score < leastBalancedScore)
    return say('score-too-low', `the policy Balanced takes no change with a score below ${leastBalancedScore}.`);
  return undefined;
}

/** 1/k with k = 2 (BalancedK in karpenter v1.14 pkg/apis/v1/nodepool.go). */
const leastBalancedScore = 0.5;

/** A budget for drift alone; those for all reasons are obstacles already. One that opens and closes is Karpenter's to wait for. */
function forbidsDrift({ nodes, reasons, schedule }: NodePoolBudget): boolean {
  return schedule === undefined && reasons?.includes('Drifted') === true && Number.parseInt(nodes, 10) === 0;
}

function driftForbidden({ pool }: LaunchPool): Reason {
  return {
    code: 'nodepool-budget',
    message: `A budget of NodePool ${pool.name} lets no node go because it drifted.`,
  };
}

/** Why a pool cannot be narrowed. */
export function typesUnknown({ pool }: LaunchPool): Reason {
  return {
    code: 'nodepool-not-narrowed',
    message: `NodePool ${pool.name} has nodes of unknown instance type or capacity type; narrowing it might have Karpenter replace them.`,
  };
}

/** Why a change as Karpenter would make it is not made: it would cost more than what it replaces. */
export function wouldCostMore(pool: string, savedUsdPerHour: number): Reason {
  return {
    code: 'karpenter-would-pay-more',
    message: `Karpenter replaces the nodes of NodePool ${pool} one by one, and what it would launch for them costs ${usd(-savedUsdPerHour)} more than they do together.`,
    numbers: { savedUsdPerHour },
  };
}
