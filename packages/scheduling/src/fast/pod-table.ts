import { type ClusterState, isTerminal, type PodExtra, type PodTemplate, podClaims } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { hasOwn, ofTemplate, ofWorkload, onNode, rowBits } from './pod-row.js';

const nothing: PodExtra = {};

/**
 * Everything that is known by pod. The numbers of a pod are one row, half a cache line: whoever moves a pod reads most of them,
 * and as columns each would be waited for. Rows of pods that were never on a node are not written, and so take no memory.
 */
export class PodTable {
  length: number;
  #rows: Int32Array;
  readonly #state: ClusterState;
  readonly #incoming: IncomingPod[] = [];
  readonly #extra = new Map<number, PodExtra>();

  /** The pods of the state, in none of the lists yet. Pods that have ended are on no node. */
  constructor(state: ClusterState) {
    const { count, node, extra } = state.pods;
    this.#state = state;
    this.length = count;
    // Room for as many again: unused it costs nothing, and copying all that is there would.
    this.#rows = new Int32Array(Math.max(64, 2 * count) << rowBits);
    for (let pod = 0; pod < count; pod++)
      if ((node[pod] as number) >= 0) this.#bind(pod, this.templateOf(pod), this.workloadOf(pod), node[pod] as number);
    for (const key in extra) {
      const pod = Number(key);
      this.#setExtra(pod, extra[pod]);
      if (isTerminal(state, pod)) this.setNode(pod, -1);
    }
  }

  nodeOf(pod: number): number {
    return this.get(pod, onNode) - 1;
  }

  setNode(pod: number, node: number): void {
    this.set(pod, onNode, node + 1);
  }

  /** The template of a pod that is or was on a node. */
  boundTemplateOf(pod: number): number {
    return this.get(pod, ofTemplate);
  }

  templateOf(pod: number): number {
    return this.#own(pod) ? (this.#state.pods.template[pod] as number) : this.#added(pod, ofTemplate);
  }

  workloadOf(pod: number): number {
    return this.#own(pod) ? (this.#state.pods.workload[pod] as number) : this.#added(pod, ofWorkload);
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
    this.#bind(index, pod.template, pod.workload, node);
    this.#incoming.push(pod);
    this.#setExtra(index, pod.extra);
    return index;
  }

  /** Gives up the last pod. */
  pop(): void {
    this.length--;
    this.#incoming.pop();
    if (this.get(this.length, hasOwn) === 1) this.#extra.delete(this.length);
  }

  /** What only this pod has; undefined for most. */
  ownOf(pod: number): PodExtra | undefined {
    return this.get(pod, hasOwn) === 1 ? this.#extra.get(pod) : undefined;
  }

  extraOf(pod: number): PodExtra {
    return this.ownOf(pod) ?? nothing;
  }

  nameOf(pod: number): string {
    if (this.#own(pod)) return this.#state.pods.name[pod] as string;
    return this.#incomingOf(pod).name ?? `incoming-${pod}`;
  }

  claimsOf(pod: number): readonly string[] {
    if (this.#own(pod)) return podClaims(this.#state, pod);
    const claims = [...(this.ownOf(pod)?.claims ?? [])];
    const template = this.#state.podTemplates[this.templateOf(pod)] as PodTemplate;
    for (const volume of template.volumes ?? []) if (volume.kind === 'claim') claims.push(volume.claim);
    return claims;
  }

  #setExtra(pod: number, extra: PodExtra | undefined): void {
    this.set(pod, hasOwn, extra === undefined ? 0 : 1);
    if (extra !== undefined) this.#extra.set(pod, extra);
  }

  #bind(pod: number, template: number, workload: number, node: number): void {
    this.set(pod, ofTemplate, template);
    this.set(pod, ofWorkload, workload);
    this.setNode(pod, node);
  }

  /** Whether the state has the pod. */
  #own(pod: number): boolean {
    return pod < this.#state.pods.count;
  }

  /** Of a pod that was added, whose row is read already by whoever moves it. */
  #added(pod: number, place: number): number {
    if (pod >= this.length) throw unknown(pod);
    return this.get(pod, place);
  }

  #incomingOf(pod: number): IncomingPod {
    const added = this.#incoming[pod - this.#state.pods.count];
    if (added === undefined) throw unknown(pod);
    return added;
  }
}

function unknown(pod: number): RangeError {
  return new RangeError(`There is no pod ${pod}: it never was, or it was taken back.`);
}
