import { type ClusterState, type CoverageState, coverageOf } from '@cloudoptim/core';
import { type PlanIndex, removes } from '../plan-index.js';
import { shellWord } from '../shell-word.js';
import type { Unknown } from '../verification.js';

/** A kind whose absence from the state may hide something that forbids the plan, and the line that lists it. */
interface Needed {
  readonly kind: string;
  readonly remedy: string;
  /** What it may hide, to end the sentence "… may …". */
  readonly hides: string;
  readonly namespaced: boolean;
}

const kubectl = (resource: string, hides: string, kind: string, namespaced = true): Needed => ({
  kind,
  hides,
  namespaced,
  remedy: `kubectl get ${resource}${namespaced ? ' --all-namespaces' : ''} -o json`,
});

/** For every plan that disturbs a node: pods that nobody saw may be on it. */
const forNodes: readonly Needed[] = [
  kubectl('pods', 'be on the nodes of the plan, or where its pods should go', 'Pod'),
  kubectl('daemonsets.apps', 'put pods on the nodes of the plan', 'DaemonSet'),
];

/** For every plan that evicts: what may forbid the eviction, or keep the successor from where it should go. */
const forEvictions: readonly Needed[] = [
  kubectl('poddisruptionbudgets', 'forbid the evictions', 'PodDisruptionBudget'),
  kubectl('persistentvolumeclaims', 'tie pods to a zone or a node', 'PersistentVolumeClaim'),
  kubectl('deployments.apps', 'be rolling out, or make other successors than the pods seen', 'Deployment'),
  kubectl('statefulsets.apps', 'be rolling out, or make other successors than the pods seen', 'StatefulSet'),
  kubectl('horizontalpodautoscalers', 'be changing replicas', 'HorizontalPodAutoscaler'),
  kubectl('resourcequotas', 'refuse successors', 'ResourceQuota'),
  kubectl('mutatingwebhookconfigurations', 'change or refuse successors', 'MutatingWebhookConfiguration', false),
  kubectl('validatingwebhookconfigurations', 'refuse successors', 'ValidatingWebhookConfiguration', false),
];

/** For plans that move pods with volumes. */
const forVolumes: readonly Needed[] = [
  kubectl('persistentvolumes', 'tie volumes to a zone or a node', 'PersistentVolume', false),
  kubectl('csinodes', 'limit how many volumes a node attaches', 'CSINode', false),
  kubectl('volumeattachments', 'hold attach slots', 'VolumeAttachment', false),
];

/** Everything that would have to be known before the plan could be verified. */
export function coverageUnknowns(index: PlanIndex, state: ClusterState): Unknown[] {
  const { actions } = index;
  const disturbs = actions.some(
    ({ action }) => removes(action) || action.kind === 'drain-node' || action.kind === 'evict-pod',
  );
  const changesPods = actions.some(({ action }) =>
    ['scale-workload', 'surge-workload', 'resize-workload', 'resume-workload', 'prefer-capacity'].includes(action.kind),
  );
  const evicted = evictedTemplates(index);
  const needed: Needed[] = [];
  if (disturbs || changesPods) needed.push(...forNodes);
  if (evicted.length > 0 || changesPods) needed.push(...forEvictions);
  const volumes = evicted.some((template) =>
    (state.podTemplates[template]?.volumes ?? []).some(
      ({ kind }) => kind === 'claim' || kind === 'ephemeral' || kind === 'aws-ebs',
    ),
  );
  if (volumes || hasOwnClaims(index, state)) needed.push(...forVolumes);
  return [
    ...needed.flatMap((entry) => {
      const coverage = coverageEverywhere(state, entry);
      return coverage === 'listed' ? [] : [unknownKind(entry, coverage)];
    }),
    ...unknownRollouts(evicted, index, state),
    ...ownerUnknowns(index, state),
    ...changedPools(index).map((pool) => ({
      reason: {
        code: 'nodepool-effect-unknown',
        message: `What Karpenter does after NodePool ${pool} changes is its own decision and is not verified.`,
      },
      remedy: `kubectl get nodepool ${shellWord(pool)} -o yaml`,
    })),
  ];
}

/** Each once: a pool may be changed and put back. */
function changedPools({ actions }: PlanIndex): string[] {
  return [...new Set(actions.flatMap(({ action }) => (action.kind === 'configure-nodepool' ? [action.nodePool] : [])))];
}

/** A namespaced kind is listed when the whole cluster was, or when all namespaces are known and each was. */
function coverageEverywhere(state: ClusterState, { kind, namespaced }: Needed): CoverageState {
  const whole = coverageOf(state.coverage, kind);
  const own = state.coverage.filter((entry) => entry.kind === kind && entry.namespace !== undefined);
  if (!namespaced || own.length === 0) return whole;
  if (own.some((entry) => entry.state === 'forbidden')) return 'forbidden';
  if (own.some((entry) => entry.state !== 'listed')) return 'partial';
  if (whole === 'listed') return 'listed';
  const listed = new Set(own.map((entry) => entry.namespace));
  const all =
    coverageOf(state.coverage, 'Namespace') === 'listed' && state.namespaces.every(({ name }) => listed.has(name));
  return all ? 'listed' : whole === 'absent' ? 'partial' : whole;
}

function unknownKind({ kind, hides, remedy }: Needed, coverage: CoverageState): Unknown {
  const why = {
    listed: '',
    partial: 'was only partly listed',
    absent: 'was not listed',
    forbidden: 'must not be read',
  };
  return {
    reason: { code: `${coverage}-kind`, message: `${kind} ${why[coverage]}; what was not seen may ${hides}.` },
    remedy: coverage === 'forbidden' ? `${remedy}   # with an account that may list them` : remedy,
  };
}

function evictedTemplates({ actions }: PlanIndex): number[] {
  return actions.flatMap(({ action }) =>
    action.kind === 'drain-node'
      ? action.pods.map((entry) => entry.template)
      : action.kind === 'evict-pod'
        ? [action.template]
        : [],
  );
}

function drainedNodes(index: PlanIndex): ReadonlySet<number> {
  return new Set(
    index.actions.flatMap(({ action }) =>
      action.kind === 'drain-node' || action.kind === 'evict-pod' ? (index.nodeIndex(action.node) ?? []) : [],
    ),
  );
}

function hasOwnClaims(index: PlanIndex, state: ClusterState): boolean {
  const nodes = drainedNodes(index);
  return Object.entries(state.pods.extra).some(
    ([pod, extra]) => (extra.claims ?? []).length > 0 && nodes.has(state.pods.node[Number(pod)] as number),
  );
}

/** Owners that were not seen themselves may be in the middle of a rollout. */
function unknownRollouts(evicted: readonly number[], index: PlanIndex, state: ClusterState): Unknown[] {
  if (evicted.length === 0) return [];
  const nodes = drainedNodes(index);
  const kinds = new Set<string>();
  for (let pod = 0; pod < state.pods.count; pod++) {
    const owner = state.workloads[state.pods.workload[pod] as number];
    if (owner?.rollout === 'unknown' && owner.kind !== 'DaemonSet' && nodes.has(state.pods.node[pod] as number))
      kinds.add(owner.kind);
  }
  return [...kinds].sort().map((kind) => ({
    reason: {
      code: 'rollout-unknown',
      message: `Whether a rollout of some ${kind} with pods on drained nodes is under way cannot be told.`,
    },
    remedy: `kubectl get ${shellWord(kind.toLowerCase())} --all-namespaces -o json`,
  }));
}

/** Limits of the owners of removed and launched nodes. */
function ownerUnknowns(index: PlanIndex, state: ClusterState): Unknown[] {
  const unknowns = new Map<string, Unknown>();
  for (const { action } of index.actions) {
    const at = removes(action) ? index.nodeIndex(action.node) : undefined;
    const owner = action.kind === 'launch-node' ? action.via : at === undefined ? undefined : state.nodes[at]?.owner;
    if (owner === undefined) continue;
    const name = owner.name ?? '';
    if (owner.kind === 'karpenter' || owner.kind === 'eks-auto') {
      if (coverageOf(state.coverage, 'NodePool') !== 'listed' && !state.nodePools.some((pool) => pool.name === name))
        unknowns.set(`pool ${name}`, {
          reason: {
            code: 'nodepool-unknown',
            message: `NodePool ${name} was not listed; its budgets and limits may forbid the plan.`,
          },
          remedy: 'kubectl get nodepools,nodeclaims -o json',
        });
    } else if (owner.kind === 'managed-node-group' || owner.kind === 'asg') {
      const group = state.nodeGroups.find((entry) => entry.kind === owner.kind && entry.name === owner.name);
      const limit = action.kind === 'launch-node' ? group?.maxSize : group?.minSize;
      if (limit === undefined)
        unknowns.set(`group ${name}`, {
          reason: {
            code: 'node-group-limits-unknown',
            message: `The limits of the node group ${name} are not known.`,
          },
          remedy:
            owner.kind === 'managed-node-group'
              ? `aws eks describe-nodegroup --cluster-name CLUSTER --nodegroup-name ${shellWord(name)} --query nodegroup.scalingConfig`
              : `aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names ${shellWord(name)}`,
        });
    }
  }
  return [...unknowns.values()];
}
