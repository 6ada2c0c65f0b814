import type { Intent, NodeRef } from '../intent.js';
import type { Draft } from '../plan.js';
import type { Launches } from './check-drafts.js';
import type { StateIndex } from './state-index.js';

/**
 * The intent that takes an action back, from what the action and the state know of before; undefined where none does: a
 * launch is not taken back under pods that have moved to it, and an eviction cannot be.
 */
export function undoOf(draft: Draft, index: StateIndex | undefined, launches: Launches): Intent | undefined {
  switch (draft.kind) {
    case 'cordon-node': {
      // Whoever had cordoned it before us wants it to stay so.
      const { node } = draft;
      return 'uid' in node && index?.node(node.uid)?.unschedulable === true
        ? undefined
        : { kind: 'uncordon-node', node };
    }
    case 'uncordon-node':
      return { kind: 'cordon-node', node: draft.node };
    case 'taint-node':
      return undoTaint(draft, index);
    case 'label-node': {
      const before = labelsBefore(draft.node, index, launches);
      return before && { kind: 'label-node', node: draft.node, labels: prior(draft.labels, before) };
    }
    case 'annotate-node': {
      // A state keeps few annotations: of one that is not there it cannot be told whether it was empty before.
      const before = 'uid' in draft.node ? index?.node(draft.node.uid)?.annotations : undefined;
      const known = before !== undefined && Object.keys(draft.annotations).every((key) => Object.hasOwn(before, key));
      return known
        ? { kind: 'annotate-node', node: draft.node, annotations: prior(draft.annotations, before) }
        : undefined;
    }
    case 'set-node-group-size':
      return { kind: draft.kind, group: draft.group, from: draft.to, to: draft.from };
    case 'configure-nodepool':
      return { kind: draft.kind, nodePool: draft.nodePool, patch: draft.prior, prior: draft.patch };
    case 'configure-nodeoverlay':
      return { kind: draft.kind, nodeOverlay: draft.nodeOverlay, spec: draft.prior, prior: draft.spec };
    case 'configure-scheduler':
      return draft.prior === 'RequestedToCapacityRatio'
        ? undefined
        : {
            kind: draft.kind,
            profile: draft.profile,
            scoringStrategy: draft.prior,
            prior: draft.scoringStrategy,
          };
    case 'scale-workload':
      return { kind: draft.kind, workload: draft.workload, from: draft.to, to: draft.from };
    case 'resize-workload': {
      const [first, ...others] = draft.containers;
      const { workload, method } = draft;
      return { kind: draft.kind, workload, method, containers: [swapped(first), ...others.map(swapped)] };
    }
    case 'suspend-workload': {
      const { workload, priorReplicas } = draft;
      if (priorReplicas === undefined) return { kind: 'resume-workload', workload };
      return priorReplicas === 0 ? undefined : { kind: 'resume-workload', workload, replicas: priorReplicas };
    }
    case 'resume-workload': {
      const { workload, replicas } = draft;
      return replicas === undefined
        ? { kind: 'suspend-workload', workload }
        : { kind: 'suspend-workload', workload, priorReplicas: replicas };
    }
    case 'set-autoscaler-bounds': {
      const { kind, autoscaler, minReplicas, maxReplicas } = draft;
      return { kind, autoscaler, ...draft.prior, prior: { minReplicas, maxReplicas } };
    }
    case 'launch-node':
    case 'drain-node':
    case 'evict-pod':
    case 'terminate-node':
    case 'delete-nodeclaim':
    case 'surge-workload':
    case 'prefer-capacity':
    case 'extension':
      return undefined;
  }
}

function undoTaint(draft: Extract<Draft, { kind: 'taint-node' }>, index: StateIndex | undefined): Intent | undefined {
  const { kind, node, taint, remove = false } = draft;
  const before = 'uid' in node ? (index?.node(node.uid)?.taints ?? []) : [];
  const same = before.find(({ key, effect }) => key === taint.key && effect === taint.effect);
  if (remove) return { kind, node, taint: same ?? taint };
  // Kubernetes keeps one taint a key and effect, so ours has replaced it.
  return same === undefined ? { kind, node, taint, remove: true } : { kind, node, taint: same };
}

function labelsBefore(
  node: NodeRef,
  index: StateIndex | undefined,
  launches: Launches,
): Readonly<Record<string, string>> | undefined {
  return 'uid' in node ? index?.node(node.uid)?.labels : launches.get(node.launch)?.draft.template.labels;
}

function prior(
  changes: Readonly<Record<string, string | null>>,
  before: Readonly<Record<string, string>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.keys(changes).map((key) => [key, Object.hasOwn(before, key) ? (before[key] as string) : null]),
  );
}

type Resize = Extract<Draft, { kind: 'resize-workload' }>['containers'][number];

function swapped({ name, requests, limits, prior: before }: Resize): Resize {
  return { name, ...before, prior: limits === undefined ? { requests } : { requests, limits } };
}
