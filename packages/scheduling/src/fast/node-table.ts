import type { ClusterState, Node, ResourceAmounts } from '@cloudoptim/core';
import { FreeResources } from '../free-resources.js';
import type { PodFacts } from '../pod-facts.js';
import { Int32Column } from './int32-column.js';
import type { Limits } from './limits.js';
import { NodeBlocks } from './node-blocks.js';
import { NodeChanges } from './node-changes.js';
import { NodeGroups } from './node-groups.js';
import type { TemplateKinds } from './template-kinds.js';
import { TopologyKey } from './topology-key.js';

/** Everything that is known by node, as columns; a removed node keeps its index. */
export class NodeTable {
  readonly objects: (Node | undefined)[];
  readonly free: FreeResources;
  readonly groupOf: number[] = [];
  /** Grows with every change of the node's object, over all nodes: equal means the same object. */
  readonly versionOf: number[];
  /** Changes of nodes and of who is on them. */
  readonly changed = new NodeChanges();
  readonly keys: ReadonlyMap<string, TopologyKey>;
  readonly named = new Map<string, number[]>();
  #version = 1;
  readonly #groups: NodeGroups;
  readonly #blocks: NodeBlocks;
  /** Nodes whose free resources the blocks do not know yet. */
  readonly #stale = new Int32Column();
  readonly #isStale: boolean[] = [];

  constructor(state: ClusterState, kinds: TemplateKinds, limits: Limits) {
    this.#blocks = new NodeBlocks(limits.vacant);
    this.objects = [...state.nodes];
    this.free = new FreeResources(state.nodes);
    this.versionOf = state.nodes.map(() => 1);
    for (let index = 0; index < state.nodes.length; index++) this.changed.note(index);
    const keys = [...kinds.topologyKeys].map((name) => new TopologyKey(name, state.nodes, limits.domains));
    this.keys = new Map(keys.map((key) => [key.name, key]));
    this.#groups = new NodeGroups(state.nodes, kinds.nodeLabels, keys, limits.values);
    for (const [index, node] of state.nodes.entries()) {
      this.groupOf.push(this.#groups.of(index, node));
      this.#name(node.name, index);
    }
    for (let index = 0; index < state.nodes.length; index++) this.#blocks.push();
    for (const index of alikeTogether(state.nodes, this.groupOf)) {
      this.#describe(index, state.nodes[index] as Node);
      this.#touch(index);
    }
  }

  get count(): number {
    return this.objects.length;
  }

  /** The blocks, which know what is free now. They are told only here: a drained node then counts once, not once a pod. */
  freshBlocks(): NodeBlocks {
    if (this.#stale.length > 0) {
      this.#tellBlocks();
      this.#stale.length = 0;
    }
    return this.#blocks;
  }

  /** A function of its own: V8 compiles the loop when it first runs long, and would give up what follows it a thousand times. */
  #tellBlocks(): void {
    const stale = this.#stale;
    for (let index = 0; index < stale.length; index++) this.#tellOf(stale.values[index] as number);
  }

  #tellOf(node: number): void {
    this.#isStale[node] = false;
    if (this.objects[node] === undefined) return;
    const { cpu, memory, pods } = this.free;
    this.#blocks.setFree(node, cpu[node] as number, memory[node] as number, pods[node] as number);
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
    this.#touch(node);
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
    this.#blocks.push();
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
    this.#blocks.pop();
  }

  /** The node's object is now this one; `labelsStay` when its labels and name are the same as before. */
  replace(node: number, to: Node | undefined, labelsStay: boolean): void {
    const before = this.objects[node];
    this.free.exchange(node, before, to);
    this.objects[node] = to;
    this.versionOf[node] = ++this.#version;
    this.changed.note(node);
    if (!labelsStay) {
      for (const key of this.keys.values()) key.set(node, to);
      if (before !== undefined) this.#unname(before.name, node);
      if (to !== undefined) this.#name(to.name, node);
    }
    this.groupOf[node] = to === undefined ? -1 : this.#groups.of(node, to);
    if (to === undefined) this.#blocks.clear(node);
    else {
      this.#describe(node, to);
      this.#touch(node);
    }
  }

  #describe(node: number, { allocatable }: Node): void {
    this.#blocks.set(node, this.groupOf[node] as number, allocatable.cpuMillicores, allocatable.memoryBytes);
  }

  #touch(node: number): void {
    if (this.#isStale[node] === true) return;
    this.#isStale[node] = true;
    this.#stale.push(node);
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
