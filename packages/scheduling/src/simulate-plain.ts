import type { Reason } from '@cloudoptim/core';
import { isFeasible, refusal, workingPlacement } from './fits.js';
import type { IncomingPod } from './incoming-pod.js';
import type { Placement } from './placement.js';
import { queueOrder } from './queue-order.js';
import { type NodeScore, nodeScore, type ScoringRule } from './score.js';

export interface SimulateOptions {
  /** How a node is chosen among the feasible ones; `leastAllocated` when absent. Equal scores go to the lowest node index. */
  readonly rule?: ScoringRule;
  /** Node indices that are not offered any pod. */
  readonly excludeNodes?: readonly number[];
}

export interface Simulation {
  /** Node index for each pod, in input order; -1 where none took it. */
  readonly placed: readonly number[];
  /** Index of each placed pod in the placement, in input order; -1 where none took it. */
  readonly pods: readonly number[];
  /** Pods (by input position) that no node takes, with kube-scheduler's words and on how many nodes each was said. */
  readonly unplaced: readonly { readonly pod: number; readonly reasons: Readonly<Record<string, number>> }[];
  /** Pods (by input position) whose placement cannot be told. */
  readonly unsupported: readonly { readonly pod: number; readonly reason: Reason }[];
}

/**
 * Places pods one by one in queue order (higher priority first, then older, then by name) and changes the placement. Pods
 * that no node takes stay out. Nothing is preempted.
 */
export function simulatePlain(
  placement: Placement,
  pods: readonly IncomingPod[],
  options: SimulateOptions = {},
): Simulation {
  const view = workingPlacement(placement);
  const score = nodeScore(options.rule ?? 'leastAllocated');
  const excluded = new Set(options.excludeNodes);
  const placed = pods.map(() => -1);
  const indices = pods.map(() => -1);
  const unplaced: Simulation['unplaced'][number][] = [];
  const unsupported: Simulation['unsupported'][number][] = [];
  for (const position of queueOrder(pods, view.state)) {
    const pod = pods[position] as IncomingPod;
    const facts = view.facts(pod);
    if (facts.unsupported !== undefined) {
      unsupported.push({ pod: position, reason: facts.unsupported });
      continue;
    }
    const node = bestNode(view, facts, score, excluded);
    placed[position] = node;
    if (node === -1) unplaced.push({ pod: position, reasons: refusalCounts(view, facts, excluded) });
    else indices[position] = view.place(pod, node);
  }
  return { placed, pods: indices, unplaced, unsupported };
}

type View = ReturnType<typeof workingPlacement>;
type Facts = ReturnType<View['facts']>;

/** The feasible node with the highest score; the lowest index among equals; -1 when there is none. */
export function bestNode(
  view: View,
  facts: Facts,
  score: NodeScore | undefined,
  excluded: ReadonlySet<number>,
): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let node = 0; node < view.nodeCount; node++) {
    // Cheapest tests first: on a full cluster most nodes fail on resources.
    if (view.freeCpuMillicores(node) < facts.cpuMillicores && facts.cpuMillicores > 0) continue;
    if (view.freeMemoryBytes(node) < facts.memoryBytes && facts.memoryBytes > 0) continue;
    if (view.node(node) === undefined || excluded.has(node)) continue;
    const value = score === undefined ? 0 : score(view, facts, node);
    if (best !== -1 && value <= bestScore) continue;
    if (!isFeasible(facts, node, view)) continue;
    if (score === undefined) return node;
    best = node;
    bestScore = value;
  }
  return best;
}

/** How many nodes said what, as in the PodScheduled condition. Excluded and removed nodes are not asked. */
function refusalCounts(view: View, facts: Facts, excluded: ReadonlySet<number>): Record<string, number> {
  const counts = new Map<string, number>();
  for (let node = 0; node < view.nodeCount; node++) {
    if (view.node(node) === undefined || excluded.has(node)) continue;
    for (const reason of refusal(facts, node, view)?.reasons ?? []) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
