import type { Action, ClusterState, NodeOwner } from '@cloudoptim/core';
import type { PlacedAction, PlanIndex } from '../plan-index.js';
import { shellWord } from '../shell-word.js';
import type { Refusal, Unknown } from '../verification.js';
import { refuseAction } from './refuse.js';

/** Groups that a plan leaves to Karpenter hold only what Karpenter does by itself, to nodes of its own. */
export function karpenterRefusals(index: PlanIndex, state: ClusterState): Refusal[] {
  return entrusted(index).flatMap((entry) => {
    const { action } = entry;
    if (isKarpenters(ownerOf(action, index, state))) return [];
    const message = `Action ${action.id} (${action.kind}) is left to Karpenter, which does this only to nodes of its own NodePools.`;
    return [refuseAction(index, entry, 'not-karpenters-to-do', message)];
  });
}

/**
 * That the end of such groups is safe is verified as of any other; that Karpenter gets there is not: it decides when, in which
 * order, through which pool and whether at all, and looks at the cluster of that moment.
 */
export function karpenterUnknowns(index: PlanIndex): Unknown[] {
  const actions = entrusted(index);
  if (actions.length === 0) return [];
  const groups = new Set(actions.map(({ group }) => group));
  const pools = new Set(
    actions.flatMap(({ action }) => ('via' in action && action.via.name !== undefined ? [action.via.name] : [])),
  );
  const message = `${groups.size} of ${index.plan.groups.length} groups are left to Karpenter: their end is verified, but when, in which order and whether it acts is its own decision.`;
  return [
    {
      reason: { code: 'karpenter-decides', message, numbers: { groups: groups.size } },
      remedy: `kubectl get nodeclaims -l ${shellWord(`karpenter.sh/nodepool in (${[...pools].sort().join(',')})`)} --watch`,
    },
  ];
}

function entrusted({ plan, actions }: PlanIndex): readonly PlacedAction[] {
  return actions.filter(({ group }) => plan.groups[group]?.executor === 'karpenter');
}

/** Through whom the action would be done; undefined where Karpenter has no such act. */
function ownerOf(action: Action, index: PlanIndex, state: ClusterState): NodeOwner | undefined {
  switch (action.kind) {
    case 'launch-node':
      return action.via;
    case 'cordon-node':
    case 'drain-node':
    case 'delete-nodeclaim': {
      const node = index.nodeIndex(action.node);
      return node === undefined ? undefined : state.nodes[node]?.owner;
    }
    default:
      return undefined;
  }
}

function isKarpenters(owner: NodeOwner | undefined): boolean {
  return owner?.kind === 'karpenter' || owner?.kind === 'eks-auto';
}
