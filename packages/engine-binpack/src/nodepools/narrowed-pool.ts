import type { Draft, JsonValue, NodePoolRequirement, Reason } from '@cloudoptim/core';
import type { LaunchPool } from '../launch-pool.js';
import { capacityTypeKey, instanceTypeKey, type PoolBox } from './pool-box.js';

type ConfigureNodePool = Extract<Draft, { kind: 'configure-nodepool' }>;

/** The change that narrows a NodePool to a box. Requirements are no part of a pool's hash: nodes inside the box do not drift. */
export function narrowed(
  { pool }: LaunchPool,
  box: PoolBox,
  reasons: readonly [Reason, ...Reason[]],
): ConfigureNodePool {
  const today = pool.requirements ?? [];
  const types = withValues(today, instanceTypeKey, box.instanceTypes);
  return {
    kind: 'configure-nodepool',
    nodePool: pool.name,
    patch: requirementsPatch(withValues(types, capacityTypeKey, box.capacityTypes)),
    prior: requirementsPatch(today),
    reasons,
  };
}

/** The change that puts the pool back. */
export function putBack({ nodePool, patch, prior }: ConfigureNodePool): ConfigureNodePool {
  return {
    kind: 'configure-nodepool',
    nodePool,
    patch: prior,
    prior: patch,
    reasons: [
      {
        code: 'nodepool-put-back',
        message: `Once that is done, or the plan is no longer valid, NodePool ${nodePool} may launch again what it did: nothing drifts by that.`,
      },
    ],
  };
}

/** One requirement of the key, where the first of them was; several would only say the same in parts. */
function withValues(
  requirements: readonly NodePoolRequirement[],
  key: string,
  allowed: ReadonlySet<string>,
): NodePoolRequirement[] {
  const own = requirements.filter((requirement) => requirement.key === key);
  const minValues = Math.max(0, ...own.map((requirement) => requirement.minValues ?? 0));
  const only: NodePoolRequirement = {
    key,
    operator: 'In',
    values: [...allowed].sort(),
    ...(minValues > 0 && { minValues }),
  };
  if (own.length === 0) return [...requirements, only];
  return requirements.flatMap((requirement) =>
    requirement.key !== key ? [requirement] : requirement === own[0] ? [only] : [],
  );
}

/** Requirements are an atomic list: a patch names all of them. */
function requirementsPatch(requirements: readonly NodePoolRequirement[]): JsonValue {
  const list = requirements.map(({ key, operator, values, minValues }) => ({
    key,
    operator,
    ...(values !== undefined && { values: [...values] }),
    ...(minValues !== undefined && { minValues }),
  }));
  return { spec: { template: { spec: { requirements: list } } } };
}
