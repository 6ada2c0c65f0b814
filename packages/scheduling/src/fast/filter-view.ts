import type { ClusterState } from '@cloudoptim/core';
import { Counters } from '../counters.js';
import { lookupsOf } from '../lookups.js';
import { TakenVolumes } from '../taken-volumes.js';
import type { View } from '../view.js';
import type { NodeTable } from './node-table.js';
import type { PodTable } from './pod-table.js';
import type { PodsOnNodes } from './pods-on-nodes.js';

/** The fast half as the plain filters read it, but for counters and topology: this half counts for itself. */
export function filterView(
  state: ClusterState,
  nodes: NodeTable,
  pods: PodTable,
  podsOn: PodsOnNodes,
  claimUsers: View['claimUsers'],
): View {
  const { free } = nodes;
  return {
    state,
    lookups: lookupsOf(state),
    // Tells equal selectors; nothing is counted here. With the templates, each new selector would be tried on some of them.
    counters: new Counters({ ...state, podTemplates: [] }, { alike: () => [], labelled: () => [] }),
    comparisonOperators: state.scheduler.featureGates?.TaintTolerationComparisonOperators === true,
    get topology(): never {
      throw new Error('The fast half knows domains by itself; a filter that asks must be compiled in.');
    },
    get antiAffinityTerms(): never {
      throw new Error('The fast half knows the terms of bound pods by itself; a filter that asks must be compiled in.');
    },
    get nodeCount() {
      return nodes.count;
    },
    node: (node) => nodes.objects[node],
    podsOn: (node) => podsOn.of(node),
    templateOf: (pod) => pods.templateOf(pod),
    claimsOf: (pod) => pods.claimsOf(pod),
    freeCpuMillicores: (node) => free.cpu(node),
    freeMemoryBytes: (node) => free.memory(node),
    freeEphemeralStorageBytes: (node) => free.ephemeral(node),
    freePods: (node) => free.pods(node),
    freeExtended: (node, resource) => free.extended[node]?.get(resource) ?? 0,
    claimUsers,
    takenVolumes: new TakenVolumes(),
  };
}
