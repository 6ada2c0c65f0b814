import type { ClusterState, Node } from '@cloudoptim/core';
import { createFastPlacement, type IncomingPod, type StatedProblem } from '@cloudoptim/scheduling';

/** The nodes of a packing with every pod on them, as kube-scheduler's filters would have let them come. */
export interface ProvenPacking {
  readonly nodes: number;
  readonly usdPerHour: number;
  /** Pods that the filters refused where the packing had them: they went to other nodes, or to nodes of their own. */
  readonly repaired: number;
  readonly unplaced: number;
}

export interface Launch {
  readonly key: string;
  readonly usdPerHour: number;
  node(name: string): Node;
}

/**
 * Launches what a packing says and binds pod after pod, each where the filters let it: first those that repel each other by
 * node, then those that spread over zones, zone by zone in turn, then the rest. A pod that is refused takes any node that lets
 * it in, or the cheapest new one. Agents come with each node.
 */
export function provePacking(
  state: ClusterState,
  problem: StatedProblem,
  packing: {
    readonly nodes: readonly { column: number; times: number; holds: readonly (readonly [number, number])[] }[];
  },
  launches: readonly Launch[],
): ProvenPacking {
  const byKey = new Map(launches.map((launch) => [launch.key, launch]));
  const placement = createFastPlacement(state);
  const agents = state.workloads.flatMap(({ kind, successorTemplate }, workload) =>
    kind === 'DaemonSet' ? [{ template: successorTemplate, workload }] : [],
  );
  let [nodes, usdPerHour] = [0, 0];
  const launch = (from: Launch): number => {
    const index = placement.addNode(from.node(`packed-${nodes}`));
    for (const agent of agents) if (placement.isFeasible(agent, index)) placement.place(agent, index);
    nodes++;
    usdPerHour += from.usdPerHour;
    return index;
  };
  const waiting = podsByClass(state, problem);
  const bindings: Binding[] = [];
  for (const { column, times, holds } of packing.nodes) {
    const from = byKey.get(problem.columns[column]?.key ?? '');
    if (from === undefined) throw new Error(`There is no launch ${problem.columns[column]?.key}.`);
    for (let copy = 0; copy < times; copy++) {
      const node = launch(from);
      for (const [index, count] of holds)
        for (const pod of (waiting.get(index) ?? []).splice(-count)) bindings.push({ pod, node });
    }
  }
  const left: number[] = [...waiting.values()].flat();
  for (const { pod, node } of inOrder(state, bindings, (index) => placement.node(index)?.zone ?? '')) {
    const incoming = incomingPod(state, pod);
    if (placement.isFeasible(incoming, node)) placement.place(incoming, node);
    else left.push(pod);
  }
  let unplaced = 0;
  for (const pod of left) {
    const incoming = incomingPod(state, pod);
    const found = placement.choose(incoming, 'firstFeasible');
    if (found >= 0) placement.place(incoming, found);
    else if (!launchFor(incoming)) unplaced++;
  }
  return { nodes, usdPerHour, repaired: left.length - unplaced, unplaced };

  function launchFor(pod: IncomingPod): boolean {
    for (const from of launches) {
      const mark = placement.mark();
      const before = [nodes, usdPerHour] as const;
      const index = launch(from);
      if (placement.isFeasible(pod, index)) {
        placement.place(pod, index);
        return true;
      }
      placement.rollback(mark);
      [nodes, usdPerHour] = before;
    }
    return false;
  }
}

interface Binding {
  readonly pod: number;
  readonly node: number;
}

function podsByClass(state: ClusterState, { classOf }: StatedProblem): Map<number, number[]> {
  const pods = new Map<number, number[]>();
  for (let pod = 0; pod < state.pods.count; pod++) {
    const index = classOf[pod] as number;
    if (index < 0) continue;
    const known = pods.get(index);
    if (known === undefined) pods.set(index, [pod]);
    else known.push(pod);
  }
  return pods;
}

/** Turn by turn: the first pod of each workload's label in each zone, then the second. */
function inOrder(state: ClusterState, bindings: readonly Binding[], zoneOf: (node: number) => string): Binding[] {
  const seen = new Map<string, number>();
  return bindings
    .map((binding) => {
      const template = state.podTemplates[state.pods.template[binding.pod] as number];
      const spread = template?.topologySpread?.[0];
      if (spread === undefined) return { binding, stage: template?.podAntiAffinity === undefined ? 2 : 0, turn: 0 };
      if (spread.topologyKey.endsWith('hostname')) return { binding, stage: 0, turn: 0 };
      const key = JSON.stringify([spread.labelSelector, zoneOf(binding.node)]);
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      return { binding, stage: 1, turn };
    })
    .sort((a, b) => a.stage - b.stage || a.turn - b.turn)
    .map(({ binding }) => binding);
}

function incomingPod({ pods }: ClusterState, pod: number): IncomingPod {
  const extra = pods.extra[pod];
  return {
    template: pods.template[pod] as number,
    workload: pods.workload[pod] as number,
    name: pods.name[pod] as string,
    ...(extra !== undefined && { extra }),
  };
}
