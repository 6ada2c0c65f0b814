import type { Reason } from '@cloudoptim/core';
import type { Counter } from '../counters.js';
import { podsNear, selectedBy, termsAgainst } from '../filters/inter-pod-affinity.js';
import { beyondSkew } from '../filters/pod-topology-spread.js';
import { askedFacts, isFeasible, isLetIn } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import { labelsOfPod, namespaceOfPod, templateOfPod } from '../placed-pod.js';
import type { PodFacts } from '../pod-facts.js';
import type { AntiAffinityTerm } from '../view.js';
import type { WorkingPlacement } from '../working-placement.js';

/**
 * By facts of pods that wait and may preempt: the nodes that would have the room for one if pods of lower priority were gone. As the
 * cluster is, one of them has it free, or none takes it even then because of what else its filters ask for.
 */
export type Preemptors = ReadonlyMap<PodFacts, readonly number[]>;

/**
 * Which waiting pods a plan may give the chance to preempt. Removals make no room for that, since what moves is evicted from nodes that go;
 * but a topology domain that is gone, or pods that went elsewhere, may let a pod in where only others of lower priority keep it out,
 * and so may the end of a node with the room that it has today. kube-scheduler ends those others, whatever their budgets say. Who may preempt today does so without the plan, and is not in the answer.
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
    const hasVictims = nodes.some((node) => victimsOn(placement, facts, node).length > 0);
    // Who finds room today needs to preempt nobody.
    if (!hasVictims || nodes.some((node) => isFeasible(facts, node, placement))) found.set(facts, nodes);
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
  if (!isLetIn(facts, node, placement)) return [];
  const lower = lowerOn(placement, node, priorityOf(facts.template));
  if (lower.length === 0 || isKeptOutByOthers(placement, facts, node, lower)) return [];
  const mark = placement.mark();
  for (const pod of lower) placement.remove(pod);
  const takes = isFeasible(facts, node, placement);
  placement.rollback(mark);
  return takes ? lower : [];
}

/** Whether more pods than these keep the pod off the node: then it need not be emptied to be asked. */
function isKeptOutByOthers(
  placement: WorkingPlacement,
  facts: PodFacts,
  node: number,
  lower: readonly number[],
): boolean {
  const among = ({ test }: Pick<Counter, 'test'>) =>
    lower.filter((pod) => test(templateOfPod(placement, pod), labelsOfPod(placement, pod))).length;
  const areFewer = (counter: Counter, than: number) => than > 0 && (lower.length < than || among(counter) < than);
  for (const constraint of facts.spread) {
    const domain = placement.topology.domains(constraint.topologyKey).of[node] ?? -1;
    if (domain === -1 || areFewer(constraint.matching, beyondSkew(facts, constraint, domain, placement))) return true;
  }
  for (const term of facts.antiAffinity) {
    const selected = selectedBy([term], placement);
    if (areFewer(selected, podsNear(selected, term, node, placement))) return true;
  }
  return termsAgainst(facts, placement).some((index) => {
    const { term, carriers } = placement.antiAffinityTerms[index] as AntiAffinityTerm;
    return podsNear(carriers, term, node, placement) > lower.length;
  });
}

/**
 * Nodes that would have the room for the pod without those of lower priority, told by the amounts alone: no node is emptied to be asked.
 * Some have it as they are, until others come that it may preempt.
 */
export function nodesWithRoom(placement: WorkingPlacement, facts: PodFacts): number[] {
  const { template, cpuMillicores, memoryBytes } = facts;
  const nodes: number[] = [];
  for (let node = 0; node < placement.nodeCount; node++) {
    if (!isLetIn(facts, node, placement) || !hasTopologies(placement, facts, node)) continue;
    let [cpu, memory] = [placement.freeCpuMillicores(node), placement.freeMemoryBytes(node)];
    for (const pod of lowerOn(placement, node, priorityOf(template))) {
      const occupied = placement.extraOf(pod).occupies ?? templateOfPod(placement, pod).needs;
      cpu += occupied.cpuMillicores;
      memory += occupied.memoryBytes;
    }
    if (cpu >= cpuMillicores && memory >= memoryBytes) nodes.push(node);
  }
  return nodes;
}

/** A node without a key that a pod spreads by, or is drawn to others by, never takes it. */
function hasTopologies({ topology }: WorkingPlacement, { spread, affinity }: PodFacts, node: number): boolean {
  return [...spread, ...affinity].every(({ topologyKey }) => (topology.domains(topologyKey).of[node] ?? -1) !== -1);
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
