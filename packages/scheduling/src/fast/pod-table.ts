import { type ClusterState, isTerminal, type PodExtra, type PodTemplate, podClaims } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';

const nothing: PodExtra = {};

/** Numbers of a row: 1 << 3. */
const rowBits = 3;

/** Places in a row: the pod's template, its workload, the node that it is on (-1 for none) and its class of labels. */
export const ofTemplate = 0;
export const ofWorkload = 1;
export const onNode = 2;
export const ofClass = 3;
/** The pods that came to the node just before and just after it; see PodsOnNodes. */
export const before = 4;
export const after = 5;
/** The pod of the same class that came before it; see Counting. */
export const older = 6;

/**
 * Everything that is known by pod. The numbers of a pod are one row, half a cache line: whoever moves a pod reads most of them,
 * and as columns each would be waited for.
 */
export class PodTable {
  length: number;
  #rows: Int32Array;
  readonly #state: ClusterState;
  readonly #added: IncomingPod[] = [];
  readonly #extra = new Map<number, PodExtra>();

  /** The pods of the state, in none of the lists yet. Pods that have ended are on no node. */
  constructor(state: ClusterState) {
    const { count, template, workload, node, extra } = state.pods;
    this.#state = state;
    this.length = count;
    // Room for as many again: what is not written to takes no memory, and copying it all would.
    this.#rows = new Int32Array(Math.max(64, 2 * count) << rowBits);
    for (let pod = 0; pod < count; pod++) {
      this.set(pod, ofTemplate, template[pod] as number);
      this.set(pod, ofWorkload, workload[pod] as number);
      this.set(pod, onNode, node[pod] as number);
    }
    for (const key in extra) {
      const pod = Number(key);
      this.#extra.set(pod, extra[pod] as PodExtra);
      if (isTerminal(state, pod)) this.set(pod, onNode, -1);
    }
  }

  get(pod: number, place: number): number {
    return this.#rows[(pod << rowBits) + place] as number;
  }

  set(pod: number, place: number, value: number): void {
    this.#rows[(pod << rowBits) + place] = value;
  }

  /** One more pod, bound to the node; returns its index. */
  push(pod: IncomingPod, node: number): number {
    const index = this.length++;
    if (index << rowBits === this.#rows.length) {
      const longer = new Int32Array(2 * this.#rows.length);
      longer.set(this.#rows);
      this.#rows = longer;
    }
    this.set(index, ofTemplate, pod.template);
    this.set(index, ofWorkload, pod.workload);
    this.set(index, onNode, node);
    this.#added.push(pod);
    if (pod.extra !== undefined) this.#extra.set(index, pod.extra);
    return index;
  }

  /** Gives up the last pod. */
  pop(): void {
    this.length--;
    this.#added.pop();
    if (this.#extra.size > 0) this.#extra.delete(this.length);
  }

  /** What only this pod has; undefined for most. */
  ownOf(pod: number): PodExtra | undefined {
    return this.#extra.size === 0 ? undefined : this.#extra.get(pod);
  }

  extraOf(pod: number): PodExtra {
    return this.ownOf(pod) ?? nothing;
  }

  nameOf(pod: number): string {
    const own = this.#state.pods.count;
    return pod < own ? (this.#state.pods.name[pod] as string) : (this.#added[pod - own]?.name ?? `incoming-${pod}`);
  }

  claimsOf(pod: number): readonly string[] {
    if (pod < this.#state.pods.count) return podClaims(this.#state, pod);
    const claims = [...(this.ownOf(pod)?.claims ?? [])];
    const template = this.#state.podTemplates[this.get(pod, ofTemplate)] as PodTemplate;
    for (const volume of template.volumes ?? []) if (volume.kind === 'claim') claims.push(volume.claim);
    return claims;
  }
}
