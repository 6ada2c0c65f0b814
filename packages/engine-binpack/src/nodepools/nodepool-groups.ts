import type { Draft, DraftGroup, Reason } from '@cloudoptim/core';
import type { Step } from '../changes.js';
import { type LaunchPool, poolOf } from '../launch-pool.js';
import type { Model } from '../model.js';
import { narrowed, putBack } from './narrowed-pool.js';
import { drifts, type PoolBox, poolBoxes } from './pool-box.js';
import { priceOverlays } from './price-overlays.js';

/**
 * A plan as changes of NodePools: prices that Karpenter must know, the pools narrowed to what the plan wants of them, then the
 * groups that Karpenter is expected to carry out, and the pools put back.
 */
export function nodepoolGroups(
  model: Model,
  steps: readonly Step[],
  groups: readonly DraftGroup[],
  inOrder: boolean,
): DraftGroup[] {
  if (steps.length === 0) return [];
  const boxes = poolBoxes(model, steps);
  const narrowedPools = [...boxes].flatMap(([pool, box]) => {
    const own = steps.filter((step) => poolOfStep(model, step) === pool);
    const reasons = box === undefined ? undefined : whyNarrow(model, pool, box, own);
    return box === undefined || reasons === undefined ? [] : [{ pool, box, change: narrowed(pool, box, reasons) }];
  });
  const launchable = new Set(
    narrowedPools.flatMap(({ pool, box }) => (pool.via.kind === 'karpenter' ? [...box.instanceTypes] : [])),
  );
  const prices: readonly Draft[] = priceOverlays(model.market, launchable, model.state.nodeOverlays);
  const result: DraftGroup[] = prices.length === 0 ? [] : [{ actions: prices }];
  const first = result.length;
  for (const { change } of narrowedPools) result.push({ actions: [change], after: first === 0 ? [] : [0] });
  const start = result.length;
  const members = narrowedPools.map((): number[] => []);
  for (const [position, { actions }] of groups.entries()) {
    const at = narrowedPools.findIndex(({ pool }) => pool === poolOfStep(model, steps[position] as Step));
    members[at]?.push(start + position);
    result.push({
      actions,
      after: [...(at === -1 ? [] : [first + at]), ...(inOrder && position > 0 ? [start + position - 1] : [])],
      executor: 'karpenter',
    });
  }
  for (const [at, { change }] of narrowedPools.entries())
    result.push({ actions: [putBack(change)], after: [first + at, ...(members[at] as number[])] });
  return result;
}

function poolOfStep({ state, launchPools }: Model, { remove }: Step): LaunchPool | undefined {
  const node = state.nodes[remove[0] ?? -1];
  return node === undefined ? undefined : poolOf(launchPools, node);
}

/** Undefined where nothing drifts and nothing is launched: Karpenter needs no change to remove what is not needed. */
function whyNarrow(
  model: Model,
  launchPool: LaunchPool,
  box: PoolBox,
  steps: readonly Step[],
): readonly [Reason, ...Reason[]] | undefined {
  const nodes = steps.flatMap(({ remove }) => remove.flatMap((node) => model.state.nodes[node] ?? []));
  const drifting = nodes.filter((node) => drifts(box, node)).length;
  if (drifting === 0 && steps.every(({ launches }) => launches.length === 0)) return undefined;
  const { name } = launchPool.pool;
  const consolidated = nodes.length - drifting;
  const how = [
    ...(drifting > 0 ? [`${drifting} of its nodes drift and are replaced`] : []),
    ...(consolidated > 0 ? [`${consolidated} are left to consolidation`] : []),
  ].join(', ');
  const reason: Reason = {
    code: 'nodepool-narrowed',
    message: `While the plan is carried out NodePool ${name} allows the types of its nodes that stay and of those that the plan launches: ${how}. Pods that need another type wait until it is put back.`,
    numbers: { drifting, consolidated, instanceTypes: box.instanceTypes.size },
  };
  const others = steps.some(({ launches }) => launches.length > 0) ? triedBefore(model, launchPool) : [];
  const grace = launchPool.pool.terminationGracePeriodSeconds;
  return [
    reason,
    ...(others.length === 0
      ? []
      : [
          {
            code: 'other-nodepool-first',
            message: `For pods that it admits Karpenter launches through ${others.join(', ')} before ${name}, by weight and name.`,
          },
        ]),
    ...(grace === undefined || drifting === 0
      ? []
      : [
          {
            code: 'termination-grace-period',
            message: `The terminationGracePeriod of ${name} ends a drain after ${grace} seconds, whatever PodDisruptionBudgets say.`,
            numbers: { terminationGracePeriodSeconds: grace },
          },
        ]),
  ];
}

/**
 * NodePools of variable size that Karpenter tries first (OrderByWeight in karpenter v1.14 pkg/utils/nodepool). Not those with a
 * taint that this pool has not: its pods hardly tolerate it.
 */
function triedBefore({ state }: Model, { pool }: LaunchPool): string[] {
  const weight = pool.weight ?? 0;
  const own = new Set((pool.taints ?? []).map(({ key }) => key));
  return state.nodePools
    .filter(({ name, replicas, taints = [], weight: other = 0 }) => {
      if (name === pool.name || replicas !== undefined || taints.some(({ key }) => !own.has(key))) return false;
      return other === weight ? name > pool.name : other > weight;
    })
    .map(({ name }) => name)
    .sort();
}
