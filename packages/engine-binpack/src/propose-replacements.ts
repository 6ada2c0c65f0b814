import type { ResourceAmounts } from '@cloudoptim/core';
import type { Candidate } from './choose-offerings.js';
import { keptArchitecture } from './launch-kind.js';
import { type LaunchPool, poolOf } from './launch-pool.js';
import type { Model } from './model.js';
import { movingPods } from './moving-pods.js';
import {
  addVectors,
  largestShare,
  nodeVector,
  podVector,
  type ResourceOrder,
  type ResourceVector,
  resourceOrder,
} from './resource-vector.js';

/** One or several nodes that one cheaper node could replace. */
export interface Proposal {
  readonly nodes: readonly number[];
  readonly pool: LaunchPool;
  readonly candidate: Candidate;
  readonly savedUsdPerHour: number;
}

/** What replacing has to move and beat, of one node. */
interface Load {
  readonly node: number;
  readonly usdPerHour: number;
  /** Of all pods that must move. */
  readonly whole: ResourceVector;
  /** Of those that no standing node has room for: the new node must hold them. */
  readonly homeless: ResourceVector;
  readonly zone: string | undefined;
  /** Undefined where the new node may have another. */
  readonly architecture: string | undefined;
  readonly capacityType: string | undefined;
}

/** Savings below this are rounding, not money. */
const leastSavedUsdPerHour = 1e-6;
/** Sets that are filled at once, for each offering. */
const openSets = 16;

/**
 * Replacements worth a try, largest saving first. A new node keeps the architecture (images may have no other;
 * `options.architectures`) and the capacity type (changing it is a matter of interruption risk, not of packing) of those that go. Three kinds:
 * several nodes of one zone whose pods fit into one offering together, the same across zones, and single nodes with an
 * offering too small for all their pods, some of which have room elsewhere.
 */
export async function proposeReplacements(model: Model, nodes: readonly number[]): Promise<Proposal[]> {
  const proposals: Proposal[] = [];
  for (const { pool, loads, order } of loadsByPool(model, nodes)) {
    const all = loads.reduce((sum, load) => sum + load.usdPerHour, 0);
    const seen = new Set<string>();
    for (const candidate of model.candidates(pool).useful) {
      if (candidate.usdPerHour >= all) break;
      await model.breathe();
      const { offering } = candidate;
      const offered = nodeVector(order, candidate.allocatable);
      const suited = loads.filter((load) => suits(load, candidate));
      const near = suited.filter(({ zone }) => zone === undefined || zone === offering.zone);
      proposals.push(...sets(pool, candidate, offered, near));
      for (const load of near) proposals.push(...tight(pool, candidate, offered, load));
      // Across zones one zone is as good as another at the same price; which one is left to the name.
      const key = `${offering.instanceType}|${offering.capacityType}`;
      if (!seen.has(key) && near.length < suited.length) proposals.push(...sets(pool, candidate, offered, suited));
      seen.add(key);
    }
  }
  return proposals.sort(compareProposals);
}

/** Both halves of a proposal that failed as a whole, in so far as they still save something. */
export function halves(model: Model, { nodes, pool, candidate }: Proposal): Proposal[] {
  if (nodes.length < 2) return [];
  const middle = Math.ceil(nodes.length / 2);
  return [nodes.slice(0, middle), nodes.slice(middle)]
    .map((half) => {
      const usdPerHour = half.reduce((sum, node) => sum + (model.usdPerHour(node) ?? 0), 0);
      return { nodes: half, pool, candidate, savedUsdPerHour: usdPerHour - candidate.usdPerHour };
    })
    .filter(({ savedUsdPerHour }) => savedUsdPerHour > leastSavedUsdPerHour);
}

/** Proposals by rank, to which others may come. A large cluster has hundreds of thousands, most of which are asked for in vain. */
export class ProposalQueue {
  readonly #sorted: readonly Proposal[];
  #next = 0;
  /** What came later, last one first: the next is taken off the end. */
  readonly #added: Proposal[] = [];

  /** `sorted` as `proposeReplacements` returns them. */
  constructor(sorted: readonly Proposal[]) {
    this.#sorted = sorted;
  }

  add(proposal: Proposal): void {
    let [low, high] = [0, this.#added.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareProposals(this.#added[middle] as Proposal, proposal) > 0) low = middle + 1;
      else high = middle;
    }
    this.#added.splice(low, 0, proposal);
  }

  /** The first by rank; undefined once none is left. */
  next(): Proposal | undefined {
    const sorted = this.#sorted[this.#next];
    const added = this.#added[this.#added.length - 1];
    if (added !== undefined && (sorted === undefined || compareProposals(added, sorted) < 0)) return this.#added.pop();
    if (sorted !== undefined) this.#next++;
    return sorted;
  }
}

/** Largest saving first, then fewest nodes, then the first node listed. */
function compareProposals(a: Proposal, b: Proposal): number {
  return (
    b.savedUsdPerHour - a.savedUsdPerHour || a.nodes.length - b.nodes.length || (a.nodes[0] ?? 0) - (b.nodes[0] ?? 0)
  );
}

/** Fills sets of nodes, those first that cost most for what they hold: each node joins the first set that has room for it. */
function sets(pool: LaunchPool, candidate: Candidate, offered: ResourceVector, loads: readonly Load[]): Proposal[] {
  const sorted = loads
    .map((load) => ({ load, share: largestShare(offered, load.whole) }))
    .filter(({ share }) => share <= 1)
    .sort((a, b) => b.load.usdPerHour * a.share - a.load.usdPerHour * b.share || a.load.node - b.load.node);
  const open: { nodes: number[]; usdPerHour: number; sum: ResourceVector }[] = [];
  const closed: typeof open = [];
  for (const { load } of sorted) {
    let set = open.find(({ sum }) => largestShare(offered, sum, load.whole) <= 1);
    if (set === undefined) {
      set = { nodes: [], usdPerHour: 0, sum: [] };
      open.push(set);
      if (open.length > openSets) closed.push(...open.splice(0, 1));
    }
    set.nodes.push(load.node);
    set.usdPerHour += load.usdPerHour;
    set.sum = addVectors(set.sum, load.whole);
  }
  return [...closed, ...open]
    .map(({ nodes, usdPerHour }) => ({ nodes, pool, candidate, savedUsdPerHour: usdPerHour - candidate.usdPerHour }))
    .filter(({ savedUsdPerHour }) => savedUsdPerHour > leastSavedUsdPerHour);
}

function tight(pool: LaunchPool, candidate: Candidate, offered: ResourceVector, load: Load): Proposal[] {
  const savedUsdPerHour = load.usdPerHour - candidate.usdPerHour;
  if (savedUsdPerHour <= leastSavedUsdPerHour) return [];
  if (largestShare(offered, load.whole) <= 1 || largestShare(offered, load.homeless) > 1) return [];
  return [{ nodes: [load.node], pool, candidate, savedUsdPerHour }];
}

function suits(load: Load, { offering, architecture }: Candidate): boolean {
  return (
    load.capacityType === offering.capacityType &&
    (load.architecture === undefined || load.architecture === architecture)
  );
}

interface PoolLoads {
  readonly pool: LaunchPool;
  readonly loads: readonly Load[];
  readonly order: ResourceOrder;
}

function loadsByPool(model: Model, nodes: readonly number[]): PoolLoads[] {
  const byPool = new Map<LaunchPool, number[]>();
  for (const node of nodes) {
    const object = model.cluster.placement.node(node);
    const pool = object === undefined ? undefined : poolOf(model.launchPools, object);
    if (pool === undefined || model.usdPerHour(node) === undefined) continue;
    const list = byPool.get(pool);
    if (list === undefined) byPool.set(pool, [node]);
    else list.push(node);
  }
  const room = new Map<number, boolean>();
  return [...byPool].map(([pool, members]) => {
    const order = resourceOrder(members.flatMap((node) => needsOn(model, node).map(({ needs }) => needs)));
    return { pool, order, loads: members.map((node) => loadOf(model, node, order, room)) };
  });
}

function loadOf(model: Model, node: number, order: ResourceOrder, room: Map<number, boolean>): Load {
  const object = model.cluster.placement.node(node);
  let whole: ResourceVector = podVector(order, nothing).map(() => 0);
  let homeless = whole;
  for (const { template, workload, needs } of needsOn(model, node)) {
    const vector = podVector(order, needs);
    whole = addVectors(whole, vector);
    if (!hasRoom(model, template, workload, room)) homeless = addVectors(homeless, vector);
  }
  return {
    node,
    usdPerHour: model.usdPerHour(node) ?? 0,
    whole,
    homeless,
    zone: object?.zone,
    architecture: object && keptArchitecture(model, object),
    capacityType: object?.capacityType,
  };
}

const nothing: ResourceAmounts = { cpuMillicores: 0, memoryBytes: 0 };

function needsOn({ cluster, state }: Model, node: number) {
  return movingPods(cluster, node).flatMap((pod) => {
    const template = cluster.placement.templateOf(pod);
    const needs = state.podTemplates[template]?.needs;
    return needs === undefined ? [] : [{ template, workload: cluster.placement.workloadOf(pod), needs }];
  });
}

/** Whether any standing node takes one more pod of the template, the pod's own node included: a hint, kept in `known` until that is cleared. */
export function hasRoom({ cluster }: Model, template: number, workload: number, known: Map<number, boolean>): boolean {
  let has = known.get(template);
  if (has === undefined) {
    has = cluster.choose({ template, workload }) !== -1;
    known.set(template, has);
  }
  return has;
}
