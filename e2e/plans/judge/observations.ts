import type { Action } from '@cloudoptim/core';
import type { Refusal } from '@cloudoptim/scheduling';
import { covers } from '../live/budget-watch.js';
import type { LivePod } from '../live/live-cluster.js';
import { isEvictable, isGated, isTerminal, isUnschedulable, ownerKey, ownerOf } from '../live/pod-facts.js';
import type { Evidence } from './evidence.js';
import { actionOf, isOf, nodeOf, podOf, removals } from './subjects.js';

type Rule = (refusal: Refusal, evidence: Evidence) => string | undefined;

/** Refusals that come true before everybody's eyes when the plan is executed all the same; undefined where it was not seen. */
export const observations: Readonly<Record<string, Rule>> = {
  'pod-without-a-place': podWaits,
  'not-robust': podWaits,
  'pending-pod-without-a-place': (refusal, evidence) => {
    const { subject } = refusal;
    const own = evidence.after.pods.find(
      (pod) => subject.kind === 'pod' && isUnschedulable(pod) && pod.metadata.name === subject.name,
    );
    return own === undefined ? podWaits(refusal, evidence) : `pod ${own.metadata.name} waits at rest`;
  },
  preemption: (_, { observed }) => {
    const [first] = observed.preempted;
    return first === undefined ? undefined : `pod ${first.metadata.name} was preempted`;
  },
  'daemonset-does-not-fit-new-node': (_, { observed }) =>
    observed.unschedulable.some((pod) => ownerOf(pod)?.kind === 'DaemonSet')
      ? 'a pod of a DaemonSet was unschedulable'
      : undefined,
  'pod-disruption-budget': evictionNeverAllowed,
  'several-pdbs': (refusal, evidence) =>
    statusesOf(refusal, evidence).includes(500) ? 'the Eviction API answered 500' : undefined,
  'bare-pod': barePodLost,
  'single-replica-without-surge': workloadWasDown,
  'last-CNI-or-DNS-replica': workloadWasDown,
  'node-not-drained': lostWithTheNode,
  'facts-differ': lostWithTheNode,
  'removed-twice': (refusal, { results }) =>
    results.some(({ action, why }) => action.id === refusal.action && why?.includes('not there any more'))
      ? 'the second removal found no node'
      : undefined,
  'expected-placement-infeasible': notAllAsExpected,
  'expected-placements-leave-no-room': (refusal, evidence) =>
    podWaits(refusal, evidence) ?? notAllAsExpected(refusal, evidence),
  'quota-refuses-successor': fewerPods,
};

function podWaits({ subject }: Refusal, { observed, after }: Evidence): string | undefined {
  const [first] = observed.unschedulable;
  if (first !== undefined) {
    const still = after.pods.some((pod) => isUnschedulable(pod) && pod.metadata.uid === first.metadata.uid);
    return `pod ${first.metadata.name} was unschedulable${still ? ', and is at rest' : ' for a time'}`;
  }
  // A workload that is scaled does not come to its number while a pod of its own waits, be it one from before.
  const name = subject.kind === 'workload' ? subject.workload.name : undefined;
  const own = after.pods.find((pod) => (isUnschedulable(pod) || isGated(pod)) && name !== undefined && isOf(pod, name));
  return own === undefined ? undefined : `pod ${own.metadata.name} of the workload waits at rest`;
}

function evictionNeverAllowed(refusal: Refusal, evidence: Evidence): string | undefined {
  const statuses = statusesOf(refusal, evidence);
  const refused = statuses.filter((status) => status === 429).length;
  if (refused > 0)
    return refused === statuses.length
      ? `the Eviction API answered 429 ${refused} times, until the drain gave up`
      : `the Eviction API answered 429 ${refused} times before it let the pod go`;
  const pod = podOf(refusal, evidence);
  const budgets = evidence.before.budgets.filter((budget) => pod !== undefined && covers(budget, pod));
  // Which of a budget's pods goes first is nobody's to say.
  const other = evidence.results
    .filter(({ action }) => action.id === refusal.action)
    .flatMap(({ evictions }) => evictions)
    .find(
      ({ pod: name, statuses: answers }) =>
        answers.includes(429) &&
        evidence.before.pods.some((one) => nameOf(one) === name && budgets.some((budget) => covers(budget, one))),
    );
  if (other !== undefined) return `the Eviction API answered 429 to ${other.pod}, of the same budget`;
  const broken = evidence.breaches.find(({ budget }) => budgets.some((one) => budget === nameOf(one)));
  return broken === undefined
    ? undefined
    : `budget ${broken.budget} was broken: ${broken.healthy} healthy pods of ${broken.desired}`;
}

function nameOf({ metadata: { namespace, name } }: Pick<LivePod, 'metadata'>): string {
  return `${namespace}/${name}`;
}

function statusesOf({ subject }: Refusal, { results }: Evidence): readonly number[] {
  if (subject.kind !== 'pod') return [];
  const name = `${subject.namespace}/${subject.name}`;
  return results.flatMap(({ evictions }) => evictions.flatMap(({ pod, statuses }) => (pod === name ? statuses : [])));
}

function barePodLost(refusal: Refusal, evidence: Evidence): string | undefined {
  const pod = podOf(refusal, evidence);
  if (pod === undefined || ownerOf(pod) !== undefined) return undefined;
  const there = evidence.after.pods.some(({ metadata }) => metadata.name === pod.metadata.name);
  return there ? undefined : 'the pod is gone and nothing brought it back';
}

function workloadWasDown(refusal: Refusal, evidence: Evidence): string | undefined {
  const { before, observed } = evidence;
  const node = refusal.subject.kind === 'node' ? nodeOf(refusal, evidence) : undefined;
  const pods =
    node === undefined
      ? [podOf(refusal, evidence)]
      : before.pods.filter(
          (pod) => pod.spec.nodeName === node.metadata.name && 'k8s-app' in (pod.metadata.labels ?? {}),
        );
  const down = pods.some((pod) => pod !== undefined && observed.lowestHealthy.get(ownerKey(pod)) === 0);
  return down ? 'for a time no pod of the workload was Ready' : undefined;
}

/** Pods that were on the node when it went, and that nobody had evicted. */
function lostWithTheNode(refusal: Refusal, evidence: Evidence): string | undefined {
  const node = nodeOf(refusal, evidence);
  const gone = removals(evidence).some(({ uid, result }) => uid === node?.metadata.uid && result.outcome === 'done');
  if (node === undefined || !gone) return undefined;
  const evicted = new Set(
    evidence.results.flatMap(({ evictions }) =>
      evictions.flatMap(({ pod, statuses }) => (statuses.some((status) => status < 300) ? [pod] : [])),
    ),
  );
  const lost = evidence.before.pods.filter(
    (pod) =>
      pod.spec.nodeName === node.metadata.name &&
      isEvictable(pod) &&
      !evicted.has(`${pod.metadata.namespace}/${pod.metadata.name}`),
  );
  return lost.length > 0 ? `${lost.length} pods went with their node, without an eviction` : undefined;
}

/** Up to this action fewer pods came to a node than the actions expect there together: with all of them there, there is no room. */
function notAllAsExpected(refusal: Refusal, evidence: Evidence): string | undefined {
  const wanted = new Map<string, number>();
  for (const { action, outcome } of evidence.results) {
    for (const { app, target, count } of outcome === 'not-started' ? [] : expectationsOf(action, evidence)) {
      const key = `${app} on ${target}`;
      const all = (wanted.get(key) ?? 0) + count;
      wanted.set(key, all);
      const came = newPods(app, target, evidence);
      if (came < all) return `${came} new pods of ${key}, where the plan expects ${all}`;
    }
    if (action.id === refusal.action) return undefined;
  }
  return undefined;
}

interface Expectation {
  readonly app: string | undefined;
  readonly target: string;
  readonly count: number;
}

function expectationsOf(action: Action, evidence: Evidence): Expectation[] {
  const moved =
    action.kind === 'drain-node'
      ? action.pods.flatMap(({ template, expected }) => expected.map((one) => ({ template, ...one })))
      : action.kind === 'evict-pod' && action.expected !== undefined
        ? [{ template: action.template, node: action.expected, count: 1 }]
        : [];
  return moved.flatMap(({ template, node, count }) => {
    const target =
      'launch' in node
        ? evidence.launched.get(node.launch)
        : evidence.before.nodes.find(({ metadata }) => metadata.uid === node.uid)?.metadata.name;
    const app = evidence.planCase.state.podTemplates[template]?.labels.app;
    return target === undefined ? [] : [{ app, target, count }];
  });
}

function newPods(app: string | undefined, target: string, { before, after }: Evidence): number {
  const known = new Set(before.pods.map(({ metadata }) => metadata.uid));
  return after.pods.filter(
    ({ metadata, spec }) => spec.nodeName === target && metadata.labels?.app === app && !known.has(metadata.uid),
  ).length;
}

function fewerPods(refusal: Refusal, evidence: Evidence): string | undefined {
  const action = actionOf(refusal, evidence);
  if (action?.kind === 'scale-workload') {
    const has = evidence.after.pods.filter((pod) => isOf(pod, action.workload.name) && !isTerminal(pod)).length;
    return has < action.to ? `${has} of ${action.to} pods were made` : undefined;
  }
  const pod = podOf(refusal, evidence);
  if (pod === undefined) return undefined;
  const count = (pods: Evidence['before']['pods']) =>
    pods.filter((other) => ownerKey(other) === ownerKey(pod) && !isTerminal(other)).length;
  const [had, has] = [count(evidence.before.pods), count(evidence.after.pods)];
  return has < had ? `${has} of ${had} pods came back` : undefined;
}
