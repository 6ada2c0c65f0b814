import type { ClusterState, Node, ResourceAmounts } from '@cloudoptim/core';
import { FreeResources } from '../free-resources.js';
import { allCpu, allMemory, cpuLeft, memoryLeft, nodeBits, podsLeft } from '../node-row.js';
import type { PodFacts } from '../pod-facts.js';
import type { Limits } from './limits.js';
import { NodeChanges } from './node-changes.js';
import { NodeGroups } from './node-groups.js';
import { type NodeScore, scoreNode } from './node-score.js';
import { least, type NodeQuestion } from './node-search.js';
import type { TemplateKinds } from './template-kinds.js';
import { ToldBlocks } from './told-blocks.js';
import { TopologyKey } from './topology-key.js';

/** Everything that is known by node, as columns; a removed node keeps its index. */
export class NodeTable {
  readonly objects: (Node | undefined)[];
  readonly free: FreeResources;
  readonly groupOf: number[] = [];
  /** By group. */
  readonly familyOf: readonly number[];
  /** Numbers the objects that nodes have had: equal means the same object. One that is taken back has its number again. */
  readonly versionOf: number[];
  /** Changes of nodes and of who is on them. */
  readonly changed = new NodeChanges();
  readonly keys: ReadonlyMap<string, TopologyKey>;
  readonly named = new Map<string, number[]>();
  readonly told: ToldBlocks;
  /** Its turn where one among equals is drawn: like nodes of the state follow one another, which makes it quick, then those that were added. */
  readonly turnOf: number[];
  #version = 1;
  readonly #groups: NodeGroups;

  constructor(state: ClusterState, kinds: TemplateKinds, limits: Limits) {
    this.objects = [...state.nodes];
    this.free = new FreeResources(state.nodes);
    this.told = new ToldBlocks(this, limits);
    this.versionOf = state.nodes.map(() => 1);
    const keys = [...kinds.topologyKeys].map((name) => new TopologyKey(name, state.nodes, limits.domains));
    this.keys = new Map(keys.map((key) => [key.name, key]));
    this.#groups = new NodeGroups(state.nodes, kinds.nodeLabels, keys, limits.values);
    this.familyOf = this.#groups.familyOf;
    for (const [index, node] of state.nodes.entries()) {
      this.groupOf.push(this.#groups.of(index, node));
      this.#name(node.name, index);
    }
    const order = alikeTogether(state.nodes, this.groupOf);
    this.turnOf = new Array<number>(order.length);
    for (const [turn, index] of order.entries()) this.turnOf[index] = turn;
    for (const _ of order) this.told.push();
    for (const index of order) this.told.touch(index);
  }

  get count(): number {
    return this.objects.length;
  }

  /** Whether the node has room for one more pod, of so much cpu and memory. */
  hasRoom(node: number, { cpuMillicores, memoryBytes }: NodeQuestion): boolean {
    const { rows } = this.free;
    const row = node << nodeBits;
    return (
      (rows[row + podsLeft] as number) >= 1 &&
      (rows[row + cpuLeft] as number) >= least(cpuMillicores) &&
      (rows[row + memoryLeft] as number) >= least(memoryBytes)
    );
  }

  /** The score of one node, to compare candidates that were found otherwise; minus infinity where there is none. */
  scoreOf(node: number, { cpuMillicores, memoryBytes }: NodeQuestion, score: NodeScore): number {
    if (this.objects[node] === undefined) return Number.NEGATIVE_INFINITY;
    const { rows } = this.free;
    const row = node << nodeBits;
    return scoreNode(
      (rows[row + cpuLeft] as number) - cpuMillicores,
      (rows[row + memoryLeft] as number) - memoryBytes,
      rows[row + allCpu] as number,
      rows[row + allMemory] as number,
      score,
    );
  }

  /** Whether a pod tells apart nodes of one group: by name, or by a label that has too many values to group by. */
  areToldApartBy({ template, pinnedNode }: PodFacts): boolean {
    const { manyValued } = this.#groups;
    if (pinnedNode !== undefined || (template.nodeName !== undefined && template.nodeName !== '')) return true;
    if (Object.keys(template.nodeSelector ?? {}).some((key) => manyValued.has(key))) return true;
    const terms = template.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    return terms.some(
      ({ matchExpressions = [], matchFields = [] }) =>
        matchFields.length > 0 || matchExpressions.some(({ key }) => manyValued.has(key)),
    );
  }

  /** A pod with so much cpu and memory and nothing else came to the node (1) or left it (-1). */
  take(node: number, cpuMillicores: number, memoryBytes: number, by: 1 | -1): void {
    this.free.takeSimple(node, cpuMillicores, memoryBytes, by);
    this.#taken(node);
  }

  /** A pod with these amounts came to the node (1) or left it (-1). */
  takeAll(node: number, amounts: ResourceAmounts, by: 1 | -1): void {
    this.free.take(node, amounts, by);
    this.#taken(node);
  }

  #taken(node: number): void {
    this.changed.note(node);
    this.told.touch(node);
  }

  /** The next node index, without a node. */
  push(): number {
    const index = this.objects.length;
    this.objects.push(undefined);
    this.free.push();
    this.versionOf.push(0);
    this.changed.note(index);
    this.groupOf.push(-1);
    for (const key of this.keys.values()) key.set(index, undefined);
    this.turnOf.push(index);
    this.told.push();
    return index;
  }

  /** Gives up the last node index; its node is gone already. */
  pop(): void {
    this.objects.pop();
    this.free.pop();
    this.versionOf.pop();
    this.changed.note(this.objects.length);
    this.groupOf.pop();
    for (const key of this.keys.values()) key.pop();
    this.turnOf.pop();
    this.told.pop();
  }

  /**
   * The node's object is now this one; `labelsStay` when its labels and name are the same as before, `version` when it is one that the node
   * had before.
   */
  replace(node: number, to: Node | undefined, labelsStay: boolean, version = ++this.#version): void {
    const before = this.objects[node];
    this.free.exchange(node, before, to);
    this.objects[node] = to;
    this.versionOf[node] = version;
    this.changed.note(node);
    if (!labelsStay) {
      for (const key of this.keys.values()) key.set(node, to);
      if (before !== undefined) this.#unname(before.name, node);
      if (to !== undefined) this.#name(to.name, node);
    }
    this.groupOf[node] = to === undefined ? -1 : this.#groups.of(node, to);
    this.told.exchange(node, labelsStay);
  }

  #name(name: string, node: number): void {
    const list = this.named.get(name);
    if (list === undefined) this.named.set(name, [node]);
    else list.push(node);
  }

  #unname(name: string, node: number): void {
    const list = this.named.get(name) ?? [];
    list.splice(list.indexOf(node), 1);
    if (list.length === 0) this.named.delete(name);
  }
}

/**
 * Node indices with nodes of one group, and groups of like size, beside each other. Taints come first: a pool that few pods
 * tolerate stands emptier than the rest, and among others it would make them all seem worth a look.
 */
function alikeTogether(nodes: readonly Node[], groupOf: readonly number[]): number[] {
  const members: number[][] = [];
  for (let index = 0; index < nodes.length; index++) {
    const group = groupOf[index] as number;
    const own = members[group];
    if (own === undefined) members[group] = [index];
    else own.push(index);
  }
  // Nodes of a group are alike in all that orders groups, so any one stands for them.
  const first = members.map((own) => nodes[own[0] as number] as Node);
  const barriers = first.map(({ taints = [], unschedulable }) => JSON.stringify([unschedulable === true, taints]));
  const order = members
    .map((_, group) => group)
    .sort((left, right) => {
      const [one, other] = [barriers[left] as string, barriers[right] as string];
      if (one !== other) return one < other ? -1 : 1;
      const [a, b] = [first[left] as Node, first[right] as Node];
      return (
        a.allocatable.cpuMillicores - b.allocatable.cpuMillicores ||
        a.allocatable.memoryBytes - b.allocatable.memoryBytes ||
        left - right
      );
    });
  return order.flatMap((group) => members[group] as number[]);
}
