import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import type { Counting } from './counting.js';
import type { NodeTable } from './node-table.js';
import type { PodTable } from './pod-table.js';
import type { TemplateKinds } from './template-kinds.js';
import { cpuWanted, isSimple, memoryWanted, numbersBits, wantsBits } from './template-row.js';

/** What occupancy reads and changes. */
export interface Occupied {
  readonly state: ClusterState;
  readonly kinds: TemplateKinds;
  readonly pods: PodTable;
  readonly nodes: NodeTable;
  readonly counting: Counting;
}

/** What pods take of nodes: room, volumes, and their places in counts. */
export class Occupancy {
  /** Grows whenever a pod leaves: that may let another one in. */
  left = 0;
  readonly #of: Occupied;
  readonly #claimUsers = new Map<string, number>();

  constructor(of: Occupied) {
    this.#of = of;
  }

  /** Everything that is counted by node follows from here, for a pod that comes (1) or goes (-1). */
  change(pod: number, node: number, by: 1 | -1): void {
    const { pods, nodes, kinds, counting } = this.#of;
    const template = pods.boundTemplateOf(pod);
    const { numbers, wants } = kinds;
    const row = template << wantsBits;
    if (numbers[(template << numbersBits) + isSimple] === 1 && pods.ownOf(pod) === undefined)
      nodes.take(node, wants[row + cpuWanted] as number, wants[row + memoryWanted] as number, by);
    else this.#changeMore(pod, node, by);
    counting.count(pod, node, by);
    if (by === -1) this.left++;
  }

  /** Pods on nodes that use the claim. */
  claimUsers(namespace: string, claim: string): number {
    return this.#claimUsers.get(`${namespace}/${claim}`) ?? 0;
  }

  /** What most pods do not have: storage, other resources, volumes, or amounts of their own. */
  #changeMore(pod: number, node: number, by: 1 | -1): void {
    const { state, pods, nodes } = this.#of;
    const own = pods.ownOf(pod);
    const template = state.podTemplates[pods.boundTemplateOf(pod)] as PodTemplate;
    nodes.takeAll(node, own?.occupies ?? template.needs, by);
    if (own?.claims === undefined && template.volumes === undefined) return;
    for (const claim of pods.claimsOf(pod)) {
      const key = `${template.namespace}/${claim}`;
      this.#claimUsers.set(key, (this.#claimUsers.get(key) ?? 0) + by);
    }
  }
}
