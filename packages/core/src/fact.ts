import type { NodeRef } from './intent.js';
import type { JsonValue } from './json.js';
import type { OfferingRef } from './market.js';
import type { NodeResources } from './resources.js';
import type { WorkloadRef } from './workload.js';

/**
 * What an action expects of the live object at its own step. Facts are local and typed, so that a host can say which one
 * failed; a hash of a whole snapshot is stale at once and cannot say why.
 */
export type Fact =
  | { readonly fact: 'node-exists'; readonly node: NodeRef; readonly name?: string }
  | { readonly fact: 'node-ready'; readonly node: NodeRef; readonly allocatableAtLeast: NodeResources }
  | { readonly fact: 'node-cordoned'; readonly node: NodeRef }
  /** The node's evictable pods are at most these: template index and count. Empty means only DaemonSet and mirror pods. */
  | {
      readonly fact: 'node-holds-at-most';
      readonly node: NodeRef;
      readonly pods: readonly (readonly [template: number, count: number])[];
    }
  | { readonly fact: 'budget-allows'; readonly namespace: string; readonly budget: string; readonly evictions: number }
  | { readonly fact: 'workload-replicas'; readonly workload: WorkloadRef; readonly replicas: number }
  | { readonly fact: 'workload-generation'; readonly workload: WorkloadRef; readonly generation: number }
  | {
      readonly fact: 'autoscaler-bounds';
      readonly namespace: string;
      readonly name: string;
      readonly minReplicas: number;
      readonly maxReplicas: number;
    }
  | { readonly fact: 'node-group-size'; readonly group: string; readonly desired: number }
  /** The NodePool is such that this merge patch (RFC 7386) changes nothing of it: nobody configured it otherwise meanwhile. */
  | { readonly fact: 'nodepool-unchanged-by'; readonly nodePool: string; readonly patch: JsonValue }
  | { readonly fact: 'price-at-most'; readonly offering: OfferingRef; readonly usdPerHour: number }
  | { readonly fact: 'no-freeze' };
