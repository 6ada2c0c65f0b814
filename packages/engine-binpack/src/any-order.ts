import type { Model } from './model.js';
import { evictedWith } from './remove-node.js';
import { removedBy } from './search.js';
import type { Settled } from './settle.js';

const resources = ['cpuMillicores', 'memoryBytes'] as const;

/**
 * Whether it is any use to ask the verifier if groups hold in any order. It wants each pod sure of a place while no launch but
 * its own group's has come and all other pods that move may be anywhere, so these must not be able to leave too little on every node
 * that stays and on one group's launches. A proof takes seconds in a large cluster, and this tells many that fail beforehand: of each
 * resource only the pod that needs the most of it is looked at, as if it could go anywhere, so a plan may be taken for one that holds.
 */
export function mayHoldInAnyOrder(model: Model, { steps }: Pick<Settled, 'steps'>): boolean {
  const { state, cluster } = model;
  const removed = new Set(removedBy(steps));
  const staying = state.nodes.flatMap(({ ready, unschedulable }, node) =>
    ready && unschedulable !== true && !removed.has(node) ? [cluster.placement.free(node)] : [],
  );
  const moving = [...removed]
    .flatMap((node) => evictedWith(model, node))
    .map((pod) => state.podTemplates[state.pods.template[pod] as number]?.needs);
  const launched = steps.map(({ launches }) => launches.map(({ assumedAllocatable }) => assumedAllocatable));
  return resources.every((resource) => {
    const total = moving.reduce((sum, needs) => sum + (needs?.[resource] ?? 0), 0);
    const largest = moving.reduce((most, needs) => Math.max(most, needs?.[resource] ?? 0), 0);
    if (largest === 0) return true;
    /** What others must take of each node, and how many of them that are at the least, until the largest does not fit there. */
    const blocked = (nodes: typeof staying) => {
      let [amount, pods] = [0, 0];
      for (const { [resource]: free } of nodes) {
        const spare = Math.max(0, free - largest + 1);
        amount += spare;
        pods += Math.ceil(spare / largest);
      }
      return { amount, pods };
    };
    const own = blocked(staying);
    const ofSteps = launched.map(blocked);
    const most = (read: (one: typeof own) => number) => read(own) + Math.max(0, ...ofSteps.map(read));
    return most(({ amount }) => amount) > total - largest || most(({ pods }) => pods) >= moving.length;
  });
}
