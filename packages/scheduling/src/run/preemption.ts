import type { Reason } from '@cloudoptim/core';
import { interPodAffinity, selectedBy } from '../filters/inter-pod-affinity.js';
import { podTopologySpread } from '../filters/pod-topology-spread.js';
import { askedFacts, isFeasible, isLetIn } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import { labelsOfPod, namespaceOfPod, templateOfPod } from '../placed-pod.js';
import type { PodFacts } from '../pod-facts.js';
import type { WorkingPlacement } from '../working-placement.js';

/**
 * By facts of pods that wait and may preempt: the nodes that would have the room for one if pods of lower priority were gone. None of
 * them takes it even then as the cluster is, because of what else its filters ask for.
 */
export type Preemptors = ReadonlyMap<PodFacts, readonly number[]>;

/**
 * Which waiting pods a plan may give the chance to preempt. Removals make no room for that, since what moves is evicted from nodes that go;
 * but a topology domain that is gone, or pods that went elsewhere, may let a pod in where only others of lower priority keep it out,
 * and kube-scheduler ends those, whatever their budgets say. Who may preempt today does so without the plan, and is not in the answer.
 */
export function preemptorsOf(placement: WorkingPlacement, waiting: readonly IncomingPod[]): Preemptors {
  const found = new Map<PodFacts, readonly number[]>();
  if (waiting.length === 0) return found;
  const lowest = lowestPriority(placement);
  for (const facts of new Set(waiting.map((pod) => placement.facts(pod)))) {
    const { template, unsupported } = facts;
    if (priorityOf(template) <= lowest || template.preemptionPolicy === 'Never' || unsupported !== undefined) continue;
    if (askedFacts(facts, placement).everywhere !== undefined) continue;
    const nodes = nodesWithRoom(placement, facts);
    if (!nodes.some((node) => victimsOn(placement, facts, node).length > 0)) found.set(facts, nodes);
  }
  return found;
}

/** Where a pod that no node takes would get a place all the same, and why that is refused; undefined where it would not. */
export function preemption(
  placement: WorkingPlacement,
  facts: PodFacts,
  pod: IncomingPod,
  nodes: readonly number[],
): { readonly node: number; readonly reason: Reason } | undefined {
  const known = placement.state.nodes.length;
  const launched = Array.from({ length: placement.nodeCount - known }, (_, at) => known + at);
  for (const node of [...nodes, ...launched]) {
    const victims = victimsOn(placement, facts, node);
    const [victim] = victims;
    if (victim === undefined) continue;
    const priority = priorityOf(facts.template);
    const message = `Pod ${facts.namespace}/${pod.name ?? '(one to come)'} waits with priority ${priority}, and would then preempt pods of ${placement.node(node)?.name}, ${namespaceOfPod(placement, victim)}/${placement.nameOf(victim)} for one: kube-scheduler asks no budget for that. Make room for it first, or give it preemptionPolicy Never.`;
    return { node, reason: { code: 'preemption', message, numbers: { priority, victims: victims.length } } };
  }
  return undefined;
}

/**
 * The pods of lower priority on the node, if without them it took the pod; else none. kube-scheduler takes them all away before it sees
 * which may stay (pkg/scheduler/framework/plugins/defaultpreemption, SelectVictimsOnNode).
 */
function victimsOn(placement: WorkingPlacement, facts: PodFacts, node: number): readonly number[] {
  if (placement.node(node) === undefined) return [];
  const lower = lowerOn(placement, node, priorityOf(facts.template));
  if (lower.length === 0 || isKeptOutByOthers(placement, facts, node, lower)) return [];
  const mark = placement.mark();
  for (const pod of lower) placement.remove(pod);
  const takes = isFeasible(facts, node, placement);
  placement.rollback(mark);
  return takes ? lower : [];
}

/** Whether spread or affinity keeps the pod off the node and none of these pods is why: then the node need not be emptied to be asked. */
function isKeptOutByOthers(
  placement: WorkingPlacement,
  facts: PodFacts,
  node: number,
  lower: readonly number[],
): boolean {
  const isOut =
    podTopologySpread(facts, node, placement) !== undefined || interPodAffinity(facts, node, placement) !== undefined;
  return isOut && !lower.some((pod) => mayKeepOut(placement, facts, pod));
}

/** Whether a spread counts the pod, or one of the two may be averse to the other. */
function mayKeepOut(placement: WorkingPlacement, { spread, antiAffinity }: PodFacts, pod: number): boolean {
  const template = templateOfPod(placement, pod);
  const labels = labelsOfPod(placement, pod);
  return (
    (template.podAntiAffinity?.required?.length ?? 0) > 0 ||
    spread.some(({ matching }) => matching.test(template, labels)) ||
    antiAffinity.some((term) => selectedBy([term], placement).test(template, labels))
  );
}

/**
 * Nodes that would have the room for the pod without those of lower priority, told by the amounts alone: no node is emptied to be asked.
 * Some have it as they are, until others come that it may preempt.
 */
export function nodesWithRoom(placement: WorkingPlacement, facts: PodFacts): number[] {
  const { template, cpuMillicores, memoryBytes } = facts;
  const nodes: number[] = [];
  for (let node = 0; node < placement.nodeCount; node++) {
    if (!isLetIn(facts, node, placement)) continue;
    let [cpu, memory] = [placement.freeCpuMillicores(node), placement.freeMemoryBytes(node)];
    for (const pod of lowerOn(placement, node, priorityOf(template))) {
      const { needs } = templateOfPod(placement, pod);
      cpu += needs.cpuMillicores;
      memory += needs.memoryBytes;
    }
    if (cpu >= cpuMillicores && memory >= memoryBytes) nodes.push(node);
  }
  return nodes;
}

function lowerOn(placement: WorkingPlacement, node: number, priority: number): number[] {
  return placement.podsOn(node).filter((pod) => priorityOf(templateOfPod(placement, pod)) < priority);
}

function lowestPriority(placement: WorkingPlacement): number {
  const { podTemplates } = placement.state;
  return podTemplates.reduce((lowest, template) => Math.min(lowest, priorityOf(template)), Number.POSITIVE_INFINITY);
}

function priorityOf({ priority = 0 }: { readonly priority?: number }): number {
  return priority;
}
