import type { Node } from '@cloudoptim/core';
import type { FreeResources } from '../free-resources.js';
import { Int32Column } from './int32-column.js';
import type { Limits } from './limits.js';
import { NodeBlocks } from './node-blocks.js';

/** What is true of nodes, by index. */
export interface NodesAsTheyAre {
  readonly objects: readonly (Node | undefined)[];
  /** Numbers the objects that a node has had. */
  readonly versionOf: readonly number[];
  readonly free: FreeResources;
  readonly groupOf: readonly number[];
  /** By group. */
  readonly familyOf: readonly number[];
  readonly turnOf: readonly number[];
}

/**
 * Blocks of nodes, and which nodes they know nothing new of. A what-if changes a few nodes and takes everything back. Blocks that
 * were told each time would be summed up for every pod, and what was concluded from them would be lost; so while changes are being
 * taken back they stay as they are, and those few nodes are looked at one by one.
 */
export class ToldBlocks {
  /** Nodes that may be other than the blocks know. Some may be gone by now. */
  readonly untold = new Int32Column();
  /** By node: 1 for those. */
  isUntold = new Uint8Array(64);
  /** Grows whenever the blocks learn something. */
  version = 0;
  readonly #blocks: NodeBlocks;
  readonly #now: NodesAsTheyAre;
  readonly #mostUntold: number;
  /** Whether the last changes were taken back, so that the next ones may be too: the blocks are then not told of them. */
  #waits = false;
  /** By node, the version of the object that the blocks know, 0 for none: to compare objects V8 reads them, and 5,000 are in no cache. */
  readonly #known: number[] = [];

  constructor(now: NodesAsTheyAre, limits: Limits) {
    this.#now = now;
    this.#blocks = new NodeBlocks(limits.vacant);
    this.#mostUntold = limits.untold;
  }

  /** The next node index, without a node. */
  push(): void {
    const node = this.#blocks.push();
    this.#known.push(0);
    if (node === this.isUntold.length) {
      const longer = new Uint8Array(2 * node);
      longer.set(this.isUntold);
      this.isUntold = longer;
    }
  }

  /** Gives up the last node index; its node is gone already. */
  pop(): void {
    const node = this.#now.objects.length;
    if (this.#known[node] !== 0) {
      this.#forget(node);
      this.version++;
    }
    this.#known.pop();
    this.#blocks.pop();
  }

  /** The node changed, or what is free there. */
  touch(node: number): void {
    if (this.isUntold[node] === 1) return;
    this.isUntold[node] = 1;
    this.untold.push(node);
  }

  /** The node's object changed. */
  exchange(node: number, labelsStay: boolean): void {
    this.touch(node);
    // The first node of a stretch tells for all of them in which domains they are.
    if (!labelsStay && this.#known[node] !== 0) this.#waits = false;
  }

  /** The blocks, which know everything. */
  fresh(): NodeBlocks {
    if (this.untold.length > 0) this.#tellAll();
    this.#waits = false;
    return this.#blocks;
  }

  /** Whether the blocks stay as they are, for untold nodes to be looked at one by one; else they know everything now. */
  stay(): boolean {
    if (this.#waits && this.untold.length <= this.#mostUntold) return true;
    this.fresh();
    return false;
  }

  /**
   * Changes were taken back. Where there are other nodes now than the blocks know, they are told at once: later they would be told of the
   * next cordon with it.
   */
  takenBack(): void {
    this.#waits = true;
    const { untold, isUntold } = this;
    const { length, values } = untold;
    untold.length = 0;
    let others = false;
    for (let index = 0; index < length; index++) {
      const node = values[index] as number;
      if (this.#isAsKnown(node)) isUntold[node] = 0;
      else {
        untold.push(node);
        if (this.#known[node] !== this.#versionNow(node)) others = true;
      }
    }
    if (others) this.#tellAll();
  }

  /**
   * A function of its own, that ends with its loop: V8 compiles the loop when it first runs long, before anything after it has run, and would
   * give that up again and again.
   */
  #tellAll(): void {
    const { length, values } = this.untold;
    this.untold.length = 0;
    this.version++;
    for (let index = 0; index < length; index++) this.#tell(values[index] as number);
  }

  #tell(node: number): void {
    this.isUntold[node] = 0;
    const version = this.#versionNow(node);
    if (version === 0) {
      if (this.#known[node] !== 0) this.#forget(node);
      return;
    }
    const { objects, free, groupOf, familyOf, turnOf } = this.#now;
    if (this.#known[node] !== version) {
      const { cpuMillicores, memoryBytes } = (objects[node] as Node).allocatable;
      const group = groupOf[node] as number;
      const family = familyOf[group] as number;
      this.#blocks.set(node, turnOf[node] as number, group, family, cpuMillicores, memoryBytes);
      this.#known[node] = version;
    }
    this.#blocks.setFree(node, free.cpu(node), free.memory(node), free.pods(node));
  }

  #forget(node: number): void {
    this.#blocks.clear(node);
    this.#known[node] = 0;
  }

  #isAsKnown(node: number): boolean {
    const version = this.#versionNow(node);
    if (version !== this.#known[node]) return false;
    if (version === 0) return true;
    const { free } = this.#now;
    return this.#blocks.knowsFree(node, free.cpu(node), free.memory(node), free.pods(node));
  }

  /** 0 when the node is gone. */
  #versionNow(node: number): number {
    const { objects, versionOf } = this.#now;
    return objects[node] === undefined ? 0 : (versionOf[node] as number);
  }
}
