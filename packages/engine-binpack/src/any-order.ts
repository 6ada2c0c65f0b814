import type { Model } from './model.js';
import { evictedWith } from './remove-node.js';
import { removedBy } from './search.js';
import type { Settled } from './settle.js';

const resources = ['cpuMillicores', 'memoryBytes'] as const;

/**
 * Whether it is any use to ask the verifier if groups hold in any order. It wants each pod sure of a place while no launch but
 * its own group's has come and all other pods that move may be anywhere, so nodes that stay and one group's launches must have
 * room for all of them. A proof takes seconds in a large cluster, and where nodes are exchanged this tells it beforehand. Pods
 * that can only go to few nodes are counted like others, so a plan may be taken for one that needs its order.
 */
export function mayHoldInAnyOrder(model: Model, { steps }: Pick<Settled, 'steps'>): boolean {
  const { state, cluster } = model;
  const removed = new Set(removedBy(steps));
  const staying = state.nodes.flatMap(({ ready, unschedulable }, node) =>
    ready && unschedulable !== true && !removed.has(node) ? [cluster.placement.free(node)] : [],
  );
  const moving = [...removed]
    .flatMap((node) => evictedWith(model, node))
    .map((pod) => state.pods.template[pod] as number);
  const launched = steps.map(({ launches }) => launches.map(({ assumedAllocatable }) => assumedAllocatable));
  const needs = moving.map((template) => state.podTemplates[template]?.needs);
  const shares = resources.map((resource) => {
    const total = needs.reduce((sum, need) => sum + (need?.[resource] ?? 0), 0);
    const largest = needs.reduce((most, need) => Math.max(most, need?.[resource] ?? 0), 0);
    const sum = (nodes: typeof staying) => nodes.reduce((all, own) => all + Math.max(0, own[resource]), 0);
    const room = sum(staying) + Math.max(0, ...launched.map(sum));
    return { room, total, most: largest > 0 ? room / largest : Number.POSITIVE_INFINITY };
  });
  const nodes = staying.length + Math.max(0, ...launched.map(({ length }) => length));
  // Room for all of them, or more nodes than pods could fill one each.
  return shares.every(({ room, total }) => room >= total) || shares.every(({ most }) => most + nodes >= moving.length);
}
