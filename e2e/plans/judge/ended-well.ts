import { covers } from '../live/budget-watch.js';
import type { LivePod } from '../live/live-cluster.js';
import type { LiveMoment } from '../live/observer.js';
import { isTerminal, ownerKey, ownerOf } from '../live/pod-facts.js';
import type { Evidence } from './evidence.js';

/**
 * What went wrong with a plan that was executed, in words; empty when it ended well: all actions done, or all before one whose
 * facts were not as it expects; no pod preempted, none waits for a node that had one before, and no budget was ever under what it
 * asks for.
 */
export function troubles({ planCase, before, after, results, breaches, observed, history }: Evidence): string[] {
  const found = [...history.lostNodes].map((node) => `node ${node} stopped being Ready, which no plan does`);
  found.push(...observed.preempted.map(({ metadata }) => `pod ${metadata.name} was preempted`));
  const isStopped = results.some(({ outcome }) => outcome === 'stopped');
  for (const { action, outcome, why } of results) {
    if (outcome === 'stopped' || (isStopped && outcome === 'not-started')) continue;
    if (outcome !== 'done') found.push(`${action.kind} ${action.id} ${outcome}${why === undefined ? '' : `: ${why}`}`);
  }
  const scaled = new Set(
    planCase.plan.groups.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'scale-workload' ? [action.workload.name] : [])),
    ),
  );
  const placedBefore = placed(before);
  const placedAfter = placed(after);
  for (const [owner, { count, pod }] of placedBefore) {
    const kind = ownerOf(pod)?.kind;
    // A DaemonSet has as many pods as nodes, and a scaled workload as many as it was told.
    if (kind === 'DaemonSet' || [...scaled].some((name) => ownerOf(pod)?.name.startsWith(name))) continue;
    const left = placedAfter.get(owner)?.count ?? 0;
    if (left < count) found.push(`${left} of ${count} pods of ${nameOf(pod)} have a node at rest`);
  }
  const waitedBefore = waiting(before);
  for (const [owner, { count, pod }] of waiting(after)) {
    const more = count - (waitedBefore.get(owner)?.count ?? 0);
    if (more <= 0) continue;
    const why = pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? 'not looked at';
    found.push(`${more} pods of ${nameOf(pod)} wait for a node at rest: ${why}`);
  }
  // Budgets limit evictions and not scaling: a plan that scales a workload below its budget says so itself.
  const ownDoing = before.budgets.flatMap((budget) => {
    const scales = before.pods.some(
      (pod) => covers(budget, pod) && [...scaled].some((name) => ownerOf(pod)?.name.startsWith(name)),
    );
    return scales ? [`${budget.metadata.namespace}/${budget.metadata.name}`] : [];
  });
  for (const { budget, healthy, desired } of breaches.filter((breach) => !ownDoing.includes(breach.budget)))
    found.push(`budget ${budget} had ${healthy} healthy pods of ${desired}`);
  return found;
}

type Counts = Map<string, { count: number; pod: LivePod }>;

function placed({ pods }: LiveMoment): Counts {
  return counts(pods.filter((pod) => pod.spec.nodeName !== undefined && !isTerminal(pod)));
}

function waiting({ pods }: LiveMoment): Counts {
  return counts(pods.filter((pod) => pod.spec.nodeName === undefined && !isTerminal(pod)));
}

function counts(pods: readonly LivePod[]): Counts {
  const byOwner: Counts = new Map();
  for (const pod of pods) {
    const entry = byOwner.get(ownerKey(pod));
    if (entry === undefined) byOwner.set(ownerKey(pod), { count: 1, pod });
    else entry.count++;
  }
  return byOwner;
}

function nameOf(pod: LivePod): string {
  const owner = ownerOf(pod);
  return owner === undefined ? `Pod ${pod.metadata.name}` : `${owner.kind} ${owner.name}`;
}
