import type { Refusal } from '@cloudoptim/scheduling';
import { covers } from '../live/budget-watch.js';
import type { LivePod } from '../live/live-cluster.js';
import { isEvictable, isHealthy, isTerminal, ownerKey, ownerOf, takesPods } from '../live/pod-facts.js';
import type { Evidence } from './evidence.js';
import { actionOf, isOf, nodeOf, podOf, removals, uidOf } from './subjects.js';

type Rule = (refusal: Refusal, evidence: Evidence) => string | undefined;

/** Refusals out of caution: the fact, read from the API server before the plan, that makes them right. */
export const liveFacts: Readonly<Record<string, Rule>> = {
  'do-not-disrupt': annotated('karpenter.sh/do-not-disrupt', 'true'),
  'safe-to-evict': annotated('cluster-autoscaler.kubernetes.io/safe-to-evict', 'false'),
  'scale-down-disabled': annotated('cluster-autoscaler.kubernetes.io/scale-down-disabled', 'true'),
  'host-path': hasVolume('hostPath'),
  'empty-dir': hasVolume('emptyDir'),
  job: (refusal, evidence) => {
    const owner = podOwner(refusal, evidence);
    return owner?.kind === 'Job' ? `the pod is of Job ${owner.name}` : undefined;
  },
  'bare-pod': (refusal, evidence) => {
    const pod = podOf(refusal, evidence);
    return pod !== undefined && ownerOf(pod) === undefined ? 'the pod has no controller' : undefined;
  },
  'single-replica-without-surge': (refusal, evidence) => {
    const pod = podOf(refusal, evidence);
    const pods = evidence.before.pods.filter((other) => pod !== undefined && ownerKey(other) === ownerKey(pod));
    return pods.length === 1 ? 'its controller has this one pod' : undefined;
  },
  'pod-disruption-budget': (refusal, evidence) => budgetIsSpent(refusal, evidence) ?? budgetIsShared(refusal, evidence),
  'last-CNI-or-DNS-replica': dnsIsShared,
  'several-pdbs': (refusal, evidence) => {
    const covering = budgetsOf(refusal, evidence);
    return covering.length > 1 ? `${covering.length} budgets cover the pod` : undefined;
  },
  'unknown-owner': (refusal, evidence) => {
    const labels = nodeOf(refusal, evidence)?.metadata.labels;
    const signs = ['karpenter.sh/nodepool', 'eks.amazonaws.com/nodegroup', 'eks.amazonaws.com/compute-type'];
    return labels !== undefined && !signs.some((sign) => sign in labels) ? 'the node tells no owner' : undefined;
  },
  'node-not-ready': (refusal, evidence) => {
    const node = nodeOf(refusal, evidence);
    return node !== undefined && !takesPods(node) ? 'the node is not Ready' : undefined;
  },
  'node-group-min': groupAtMinimum,
  'nodepool-budget': poolBudget,
  'not-cordoned': (refusal, evidence) =>
    nodeOf(refusal, evidence)?.spec.unschedulable === true ? undefined : 'the node takes pods before the plan',
  'node-not-drained': (refusal, evidence) => {
    const count = evictableCount(refusal, evidence);
    return count > 0 ? `${count} pods are on the node` : undefined;
  },
  'drain-lists-other-pods': listsOtherPods,
  // What a drain or a removal expects of its node; other facts are the plan's own business.
  'facts-differ': (refusal, evidence) => listsOtherPods(refusal, evidence) ?? budgetOnNodeIsSpent(refusal, evidence),
  'rollout-in-progress': rolloutUnderWay,
  'predecessor-not-ready': predecessorIsNot,
  'nominated-pod': (refusal, evidence) => {
    const name = nodeOf(refusal, evidence)?.metadata.name;
    const pod = evidence.before.pods.find(({ spec, status }) => !spec.nodeName && status.nominatedNodeName === name);
    return name === undefined || pod === undefined ? undefined : `${pod.metadata.name} is nominated to the node`;
  },
  'quota-refuses-successor': quotaIsUsed,
};

function annotated(key: string, value: string): Rule {
  return (refusal, evidence) => {
    const object = refusal.subject.kind === 'pod' ? podOf(refusal, evidence) : nodeOf(refusal, evidence);
    return object?.metadata.annotations?.[key] === value ? `it carries ${key}: ${value}` : undefined;
  };
}

function hasVolume(kind: string): Rule {
  return (refusal, evidence) =>
    podOf(refusal, evidence)?.spec.volumes?.some((volume) => kind in volume)
      ? `the pod has a ${kind} volume`
      : undefined;
}

function podOwner(refusal: Refusal, evidence: Evidence) {
  const pod = podOf(refusal, evidence);
  return pod === undefined ? undefined : ownerOf(pod);
}

function budgetsOf(refusal: Refusal, evidence: Evidence) {
  const pod = podOf(refusal, evidence);
  return pod === undefined ? [] : evidence.before.budgets.filter((budget) => covers(budget, pod));
}

function budgetIsSpent(refusal: Refusal, evidence: Evidence): string | undefined {
  const spent = budgetsOf(refusal, evidence).find(({ status }) => status.disruptionsAllowed === 0);
  return spent === undefined ? undefined : `budget ${spent.metadata.name} allows 0 disruptions`;
}

/** Groups that may be under way together evict pods of one budget, and it does not grant one to each. */
function budgetIsShared(refusal: Refusal, evidence: Evidence): string | undefined {
  for (const budget of budgetsOf(refusal, evidence)) {
    const groups = groupsAtOnce((pod) => covers(budget, pod), evidence);
    const { disruptionsAllowed = 0 } = budget.status;
    if (groups > 1 && groups > disruptionsAllowed)
      return `budget ${budget.metadata.name} allows ${disruptionsAllowed} disruptions, ${groups} groups at once evict its pods`;
  }
  return undefined;
}

/** Groups that may be under way together evict all pods of cluster DNS that are Ready. */
function dnsIsShared(_: Refusal, evidence: Evidence): string | undefined {
  const isDns = (pod: LivePod) => pod.metadata.labels?.['k8s-app'] === 'kube-dns' && isHealthy(pod);
  const count = evidence.before.pods.filter(isDns).length;
  const groups = groupsAtOnce(isDns, evidence);
  return groups > 1 && groups >= count ? `${groups} groups at once evict the ${count} pods of kube-dns` : undefined;
}

/** How many groups may be under way together that drain nodes with such pods: those that wait for no other such. */
function groupsAtOnce(isOne: (pod: LivePod) => boolean, { planCase: { plan }, before }: Evidence): number {
  const nodes = new Set(before.pods.filter(isOne).map(({ spec }) => spec.nodeName));
  const groups = plan.groups.filter(({ actions }) =>
    actions.some((action) => {
      const node = action.kind === 'drain-node' ? uidOf(action) : undefined;
      const name = before.nodes.find(({ metadata }) => metadata.uid === node)?.metadata.name;
      return name !== undefined && nodes.has(name);
    }),
  );
  const waits = new Set<string>();
  for (const { id, dependsOn } of plan.groups)
    if (dependsOn.some((other) => waits.has(other) || groups.some((group) => group.id === other))) waits.add(id);
  return Math.min(groups.filter(({ id }) => !waits.has(id)).length, plan.maxGroupsInFlight);
}

function listsOtherPods(refusal: Refusal, evidence: Evidence): string | undefined {
  const action = actionOf(refusal, evidence);
  if (action?.kind === 'terminate-node' || action?.kind === 'delete-nodeclaim') {
    const count = evictableCount(refusal, evidence);
    return count > 0 && !isDrained(uidOf(action), evidence)
      ? `${count} pods are on the node, no drain before it goes`
      : undefined;
  }
  if (action?.kind !== 'drain-node') return undefined;
  const listed = action.pods.reduce((sum, { count }) => sum + count, 0);
  const there = evictableCount(refusal, evidence);
  return listed === there ? undefined : `${there} pods are on the node, the drain lists ${listed}`;
}

function isDrained(uid: string | undefined, { results }: Evidence): boolean {
  const drain = results.findIndex(({ action }) => action.kind === 'drain-node' && uidOf(action) === uid);
  const removal = results.findIndex(({ action }) => 'via' in action && uidOf(action) === uid);
  return drain !== -1 && drain < removal;
}

function budgetOnNodeIsSpent(refusal: Refusal, evidence: Evidence): string | undefined {
  const node = nodeOf(refusal, evidence);
  const { pods, budgets } = evidence.before;
  const spent = budgets.find(
    (budget) =>
      budget.status.disruptionsAllowed === 0 &&
      pods.some((pod) => pod.spec.nodeName === node?.metadata.name && covers(budget, pod)),
  );
  return spent === undefined ? undefined : `budget ${spent.metadata.name} allows 0 disruptions`;
}

function evictableCount(refusal: Refusal, evidence: Evidence): number {
  const node = nodeOf(refusal, evidence);
  return evidence.before.pods.filter(
    (pod) => node !== undefined && pod.spec.nodeName === node.metadata.name && isEvictable(pod),
  ).length;
}

function groupAtMinimum(refusal: Refusal, evidence: Evidence): string | undefined {
  const name = nodeOf(refusal, evidence)?.metadata.labels['eks.amazonaws.com/nodegroup'];
  const group = evidence.spec.pools.find((pool) => pool.kind === 'managed-node-group' && pool.name === name);
  if (group?.kind !== 'managed-node-group') return undefined;
  const { there, removed } = nodesWith('eks.amazonaws.com/nodegroup', group.name, evidence);
  return there - removed < group.minSize
    ? `the group has ${there} nodes, the plan removes ${removed}, ${group.minSize} is its minimum`
    : undefined;
}

/** As Karpenter counts: percentages round up. */
function poolBudget(refusal: Refusal, evidence: Evidence): string | undefined {
  const name = nodeOf(refusal, evidence)?.metadata.labels['karpenter.sh/nodepool'];
  const pool = evidence.spec.pools.find((one) => one.kind === 'karpenter' && one.name === name);
  if (pool?.kind !== 'karpenter') return undefined;
  const { there, removed } = nodesWith('karpenter.sh/nodepool', pool.name, evidence);
  const share = Number.parseInt(pool.budget, 10);
  const allowed = pool.budget.endsWith('%') ? Math.ceil((there * share) / 100) : share;
  return removed > allowed
    ? `the budget ${pool.budget} lets ${allowed} of ${there} go, the plan removes ${removed}`
    : undefined;
}

function nodesWith(label: string, value: string, evidence: Evidence) {
  const nodes = evidence.before.nodes.filter(({ metadata }) => metadata.labels[label] === value);
  const removed = new Set(removals(evidence).map(({ uid }) => uid));
  return { there: nodes.length, removed: nodes.filter(({ metadata }) => removed.has(metadata.uid)).length };
}

interface Counts {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly replicas?: number;
  };
}

function rolloutUnderWay(refusal: Refusal, evidence: Evidence): string | undefined {
  const { subject } = refusal;
  const owner = podOwner(refusal, evidence)?.name ?? (subject.kind === 'workload' ? subject.workload.name : undefined);
  const found = (evidence.before.objects as readonly unknown[] as readonly Counts[]).find(
    ({ metadata }) => owner === metadata.name || owner?.startsWith(`${metadata.name}-`),
  );
  if (found === undefined) return undefined;
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = found.status ?? {};
  const wanted = found.spec.replicas ?? 1;
  return updatedReplicas < wanted || availableReplicas < wanted || replicas !== wanted
    ? `${found.metadata.name} has ${availableReplicas} available replicas of ${wanted}`
    : undefined;
}

/** For a pod those before it count, for a workload that is scaled all of its own. */
function predecessorIsNot(refusal: Refusal, evidence: Evidence): string | undefined {
  const { subject } = refusal;
  const pod = podOf(refusal, evidence);
  const first = evidence.before.pods.find((other) => {
    if (isHealthy(other)) return false;
    if (subject.kind === 'workload') return isOf(other, subject.workload.name);
    return pod !== undefined && ownerKey(other) === ownerKey(pod) && ordinalOf(other) < ordinalOf(pod);
  });
  return first === undefined ? undefined : `${first.metadata.name} is not Ready`;
}

function ordinalOf({ metadata }: LivePod): number {
  return Number(/\d+$/.exec(metadata.name));
}

function quotaIsUsed(_: Refusal, { before }: Evidence): string | undefined {
  for (const { kind, metadata, status } of before.objects) {
    if (kind !== 'ResourceQuota') continue;
    const { hard, used } = status as { hard?: Record<string, string>; used?: Record<string, string> };
    // Its status lags behind, and until it has caught up pods are let in all the same.
    const there = before.pods.filter(
      (pod) => pod.metadata.namespace === metadata?.namespace && !isTerminal(pod),
    ).length;
    const inUse = Math.max(Number(used?.pods), there);
    if (inUse >= Number(hard?.pods)) return `the quota's pods are used: ${inUse} of ${hard?.pods}`;
  }
  return undefined;
}
