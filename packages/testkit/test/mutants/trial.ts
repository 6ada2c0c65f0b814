import type { ClusterState, DecisionContext, DrainedPods, NodeRef, Policy } from '@cloudoptim/core';
import { createPlacement, fits, type Placement, simulatePlain, successorOf } from '@cloudoptim/scheduling';
import type { Launched } from './launches.js';

/** A node emptied in a trial, and where its pods went. */
export interface Drained {
  readonly node: number;
  readonly launch?: Launched;
  readonly pods: readonly DrainedPods[];
  readonly evictions: number;
}

type Choice = Pick<Drained, 'node' | 'launch'>;

/**
 * Empties the chosen nodes one after the other with all of them cordoned, pods going where kube-scheduler scores best. Undefined
 * when some pod finds no place, or when it is more than the policy allows.
 */
export async function trial(
  state: ClusterState,
  chosen: readonly Choice[],
  policy: Policy,
  context: DecisionContext,
): Promise<readonly Drained[] | undefined> {
  // New nodes first, so that they can take the pods of every node that goes.
  const choices = [...chosen].sort((a, b) => Number(b.launch !== undefined) - Number(a.launch !== undefined));
  const leaving = new Set(choices.map(({ node }) => node));
  const placement = createPlacement(state);
  for (const { node } of choices) placement.cordon(node);
  const result: Drained[] = [];
  const launched = new Map<number, Launched>();
  for (const choice of choices) {
    if (choice.launch !== undefined && !launch(placement, choice.launch, launched)) return undefined;
    const drained = await drain(placement, choice, { launched, leaving }, context);
    if (drained === undefined) return undefined;
    result.push(drained);
  }
  const evictions = result.reduce((sum, each) => sum + each.evictions, 0);
  return policy.maxDisruption.evictions !== null && evictions > policy.maxDisruption.evictions ? undefined : result;
}

/** Adds the node with its DaemonSet pods; false when one that should run there has no room. */
function launch(placement: Placement, launch: Launched, launched: Map<number, Launched>): boolean {
  const index = placement.addNode(launch.node);
  launched.set(index, launch);
  if (launch.forgetsDaemonSets) return true;
  for (const [workload, { kind, successorTemplate: template }] of placement.state.workloads.entries()) {
    if (kind !== 'DaemonSet' || template < 0) continue;
    const pod = { template, workload, extra: { pinnedNode: launch.node.name } };
    const answer = fits(pod, index, placement);
    if (answer.answer === 'infeasible' && answer.plugin === 'NodeResourcesFit') return false;
    if (answer.answer === 'feasible') placement.place(pod, index);
  }
  return true;
}

async function drain(
  placement: Placement,
  choice: Choice,
  { launched, leaving }: { readonly launched: ReadonlyMap<number, Launched>; readonly leaving: ReadonlySet<number> },
  context: DecisionContext,
): Promise<Drained | undefined> {
  const { state } = placement;
  const moved = new Map<number, Map<number, number>>();
  let evictions = 0;
  for (const pod of [...placement.podsOn(choice.node)]) {
    const successor = successorOf(state, pod);
    if ('unknown' in successor) return undefined;
    if ('none' in successor) {
      // DaemonSet and mirror pods go with their node; of bare pods nothing comes back.
      if (state.pods.workload[pod] === -1 && state.pods.extra[pod]?.mirror !== true) return undefined;
      continue;
    }
    await context.spend(state.nodes.length);
    placement.remove(pod);
    const [to] = simulatePlain(placement, [successor]).placed;
    // A pod that tolerates everything goes back to a cordoned node, and leaves it with it.
    if (to === undefined || to < 0 || leaving.has(to)) return undefined;
    evictions++;
    const template = state.pods.template[pod] as number;
    const places = moved.get(template) ?? new Map<number, number>();
    moved.set(template, places.set(to, (places.get(to) ?? 0) + 1));
  }
  placement.removeNode(choice.node);
  const refOf = (node: number): NodeRef => {
    const key = launched.get(node)?.intent.key;
    return key === undefined ? { uid: state.nodes[node]?.uid ?? '' } : { launch: key };
  };
  const pods = [...moved].map(([template, places]) => {
    const expected = [...places].map(([node, count]) => ({ node: refOf(node), count }));
    return { template, count: expected.reduce((sum, { count }) => sum + count, 0), expected };
  });
  return { ...choice, pods, evictions };
}
