import type { Fact } from '@cloudoptim/core';
import { type Names, workloadName } from './describe-action.js';

/** What must be so before an action starts, in a few words. */
export function describeFact(fact: Fact, names: Names): string {
  switch (fact.fact) {
    case 'node-exists':
      return `${fact.name ?? names.node(fact.node)} is there`;
    case 'node-ready':
      return `${names.node(fact.node)} is Ready with all that was assumed of it`;
    case 'node-cordoned':
      return `${names.node(fact.node)} is cordoned`;
    case 'node-holds-at-most': {
      const pods = fact.pods.reduce((sum, [, count]) => sum + count, 0);
      return pods === 0 ? 'no pod is left to evict' : `at most these ${pods} pods are to be evicted`;
    }
    case 'budget-allows':
      return `budget ${fact.namespace}/${fact.budget} allows ${fact.evictions}`;
    case 'workload-replicas':
      return `${workloadName(fact.workload)} has ${fact.replicas} replicas`;
    case 'workload-generation':
      return `${workloadName(fact.workload)} is of generation ${fact.generation}`;
    case 'autoscaler-bounds':
      return `${fact.namespace}/${fact.name} has bounds ${fact.minReplicas}-${fact.maxReplicas}`;
    case 'node-group-size':
      return `group ${fact.group} has ${fact.desired} nodes`;
    case 'nodepool-unchanged-by':
      return `NodePool ${fact.nodePool} is as the plan found or left it`;
    case 'price-at-most':
      return `${fact.offering.instanceType} in ${fact.offering.zone} costs at most $${fact.usdPerHour}/h`;
    case 'no-freeze':
      return 'nothing is frozen';
  }
}
