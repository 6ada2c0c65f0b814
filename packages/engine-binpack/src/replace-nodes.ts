import type { ResourceAmounts } from '@cloudoptim/core';
import { type Candidate, extendedOf } from './choose-offerings.js';
import { drainOrder } from './drain-what-if.js';
import { landDaemonSets } from './land-daemon-sets.js';
import { type LaunchPool, poolOf } from './launch-pool.js';
import { type Launchable, launchable, launchedNode } from './launchable.js';
import type { Model } from './model.js';
import { attempt, type Refused } from './remove-node.js';

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
  readonly needs: Sum;
  readonly architecture: string | undefined;
  readonly capacityType: string | undefined;
}

interface Sum {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  readonly pods: number;
  readonly extended: ReadonlyMap<string, number>;
}

/** Savings below this are rounding, not money. */
const leastSavedUsdPerHour = 1e-6;

/**
 * Replacements worth a try, largest saving first: for each offering, the nodes are filled in that cost most for what they hold,
 * as long as their pods fit into it together, and again with the nodes left over. A new node keeps the architecture (images
 * may have no other) and the capacity type (changing it is a matter of interruption risk, not of packing) of those that go.
 */
export function proposeReplacements(model: Model, nodes: readonly number[]): Proposal[] {
  const byPool = new Map<LaunchPool, Load[]>();
  for (const node of nodes) {
    const object = model.cluster.placement.node(node);
    const usdPerHour = model.usdPerHour(node);
    const pool = object === undefined ? undefined : poolOf(model.launchPools, object);
    if (object === undefined || pool === undefined || usdPerHour === undefined) continue;
    const load: Load = {
      node,
      usdPerHour,
      needs: needsOf(model, node),
      architecture: object.labels['kubernetes.io/arch'],
      capacityType: object.capacityType,
    };
    byPool.set(pool, [...(byPool.get(pool) ?? []), load]);
  }
  const proposals: Proposal[] = [];
  for (const [pool, loads] of byPool) {
    const dearest = loads.reduce((sum, load) => sum + load.usdPerHour, 0);
    for (const candidate of model.candidates(pool).useful) {
      if (candidate.usdPerHour >= dearest) break;
      const suited = loads.filter(
        (load) =>
          load.capacityType === candidate.offering.capacityType &&
          (load.architecture === undefined || load.architecture === candidate.architecture),
      );
      proposals.push(...proposalsFor(pool, candidate, suited));
    }
  }
  return proposals.sort(
    (a, b) =>
      b.savedUsdPerHour - a.savedUsdPerHour || a.nodes.length - b.nodes.length || (a.nodes[0] ?? 0) - (b.nodes[0] ?? 0),
  );
}

function proposalsFor(pool: LaunchPool, candidate: Candidate, loads: readonly Load[]): Proposal[] {
  const worth = (load: Load) => {
    const size = loadShare(load.needs, candidate);
    return size > 0 ? load.usdPerHour / size : Number.POSITIVE_INFINITY;
  };
  let left = loads
    .filter((load) => loadShare(load.needs, candidate) <= 1)
    .map((load) => ({ load, worth: worth(load) }))
    .sort((a, b) => (a.worth === b.worth ? a.load.node - b.load.node : b.worth > a.worth ? 1 : -1))
    .map(({ load }) => load);
  const proposals: Proposal[] = [];
  while (left.length > 0) {
    const taken: Load[] = [];
    const rest: Load[] = [];
    let sum = emptySum;
    for (const load of left) {
      const together = addSums(sum, load.needs);
      if (loadShare(together, candidate) <= 1) {
        taken.push(load);
        sum = together;
      } else rest.push(load);
    }
    const saved = taken.reduce((total, load) => total + load.usdPerHour, 0) - candidate.usdPerHour;
    if (saved <= leastSavedUsdPerHour) break;
    proposals.push({ nodes: taken.map(({ node }) => node), pool, candidate, savedUsdPerHour: saved });
    left = rest;
  }
  return proposals;
}

/**
 * Single nodes with offerings too small for all their pods: some of these find room elsewhere. Largest saving first, and only
 * offerings that hold the node's largest pod.
 */
export function tightReplacements(model: Model, nodes: readonly number[]): Proposal[] {
  const proposals: Proposal[] = [];
  for (const node of nodes) {
    const object = model.cluster.placement.node(node);
    const usdPerHour = model.usdPerHour(node);
    const pool = object === undefined ? undefined : poolOf(model.launchPools, object);
    const [largest] = drainOrder(model.cluster, node);
    if (object === undefined || pool === undefined || usdPerHour === undefined || largest === undefined) continue;
    const needs = model.state.podTemplates[model.cluster.placement.templateOf(largest)]?.needs;
    const whole = needsOf(model, node);
    for (const candidate of model.candidates(pool).useful) {
      const saved = usdPerHour - candidate.usdPerHour;
      if (saved <= leastSavedUsdPerHour) break;
      const same =
        object.capacityType === candidate.offering.capacityType &&
        object.labels['kubernetes.io/arch'] === candidate.architecture;
      const tight = loadShare(whole, candidate) > 1 && needs !== undefined && loadShare(sumOf(needs), candidate) <= 1;
      if (same && tight) proposals.push({ nodes: [node], pool, candidate, savedUsdPerHour: saved });
    }
  }
  return proposals.sort((a, b) => b.savedUsdPerHour - a.savedUsdPerHour || (a.nodes[0] ?? 0) - (b.nodes[0] ?? 0));
}

/** Carries a proposal out on the working cluster, or leaves it untouched and says why not. */
export function tryReplace(model: Model, proposal: Proposal): Refused | Launchable {
  const { nodes, pool, candidate, savedUsdPerHour } = proposal;
  const { all } = model.candidates(pool);
  const below = candidate.usdPerHour + savedUsdPerHour;
  let refused: Refused | undefined;
  // First with alternatives to the one offering; then, for pods that select what only that type is labelled with, it alone.
  for (const maxOfferings of [model.options.maxReplacementOfferings, 1]) {
    const choice = launchable(model.state, pool, candidate, all, {
      policy: model.policy,
      maxOfferings,
      belowUsdPerHour: below,
    });
    if (choice === undefined) continue;
    const saved = below - choice.dearestUsdPerHour;
    refused = attempt(model, { nodes, savedUsdPerHour: saved }, () => launchInto(model, choice));
    if (refused === undefined) return choice;
    if (choice.offerings.length === 1) return refused;
  }
  return refused ?? { reason: notEnoughTypes(pool) };
}

/** Adds the node of a choice to the working cluster, with its DaemonSet pods. Returns why it must not be launched. */
export function launchInto(model: Model, choice: Launchable) {
  const { cluster, chooser } = model;
  if (isOutOfSupply(model, choice)) {
    const { instanceType } = choice.offerings[0].offering;
    return { code: 'no-supply', message: `No more ${instanceType} can be had, as far as the market says.` };
  }
  const overLimit = beyondPoolLimit(model, choice);
  if (overLimit !== undefined) return overLimit;
  const index = cluster.placement.nodeCount;
  // The name ends in the index: no two nodes of one working cluster share it.
  const node = cluster.launch(launchedNode(`launch-${index}`, choice, model.nowMs), choice);
  chooser.forget(node);
  const stranded = landDaemonSets(cluster, node);
  if (stranded === undefined) {
    cluster.rooms.refresh(node);
    return undefined;
  }
  return {
    code: 'daemonset-does-not-fit-new-node',
    message: `DaemonSet ${stranded} would not fit on a new ${choice.offerings[0].offering.instanceType}.`,
  };
}

function isOutOfSupply({ cluster }: Model, { offerings }: Launchable): boolean {
  const { offering } = offerings[0];
  if (offering.supply === undefined) return false;
  let used = 0;
  for (const launch of cluster.launches.values()) if (launch.offerings[0].offering === offering) used++;
  return used >= offering.supply;
}

/** NodePool limits count what is launched before the old nodes have gone. */
function beyondPoolLimit({ cluster }: Model, { launchPool, offerings }: Launchable) {
  const { limits, usage, name } = launchPool.pool;
  if (limits === undefined) return undefined;
  const launched = [...cluster.launches.values()].filter((launch) => launch.launchPool === launchPool);
  const mine = [...launched.map((launch) => launch.offerings), offerings];
  const amounts: Readonly<Record<string, number>> = {
    cpu: mine.reduce((sum, [first]) => sum + first.vcpu * 1000, 0),
    memory: mine.reduce((sum, [first]) => sum + first.memoryBytes, 0),
    nodes: mine.length,
  };
  for (const resource of Object.keys(amounts)) {
    const limit = Object.hasOwn(limits, resource) ? limits[resource] : undefined;
    if (limit === undefined) continue;
    const used = usage !== undefined && Object.hasOwn(usage, resource) ? (usage[resource] as number) : 0;
    if (used + (amounts[resource] as number) > limit) {
      return {
        code: 'nodepool-limit',
        message: `NodePool ${name} may not grow beyond its limit of ${resource}, not even until the old node has gone.`,
        numbers: { limit, used },
      };
    }
  }
  return undefined;
}

function notEnoughTypes({ pool }: LaunchPool) {
  return {
    code: 'too-few-offerings',
    message: `NodePool ${pool.name} asks for more different offerings (minValues) than are priced and cheap enough.`,
  };
}

const emptySum: Sum = { cpuMillicores: 0, memoryBytes: 0, ephemeralStorageBytes: 0, pods: 0, extended: new Map() };

function needsOf({ cluster, state }: Model, node: number): Sum {
  let sum = emptySum;
  for (const pod of drainOrder(cluster, node)) {
    const needs = state.podTemplates[cluster.placement.templateOf(pod)]?.needs;
    if (needs !== undefined) sum = addSums(sum, sumOf(needs));
  }
  return sum;
}

function sumOf(needs: ResourceAmounts): Sum {
  return {
    cpuMillicores: needs.cpuMillicores,
    memoryBytes: needs.memoryBytes,
    ephemeralStorageBytes: needs.ephemeralStorageBytes ?? 0,
    pods: 1,
    extended: new Map(Object.entries(needs.extended ?? {})),
  };
}

function addSums(a: Sum, b: Sum): Sum {
  const extended = new Map(a.extended);
  for (const [name, amount] of b.extended) extended.set(name, (extended.get(name) ?? 0) + amount);
  return {
    cpuMillicores: a.cpuMillicores + b.cpuMillicores,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    ephemeralStorageBytes: a.ephemeralStorageBytes + b.ephemeralStorageBytes,
    pods: a.pods + b.pods,
    extended,
  };
}

/** The largest share of any resource of the candidate that a load takes; above 1 it does not fit. */
function loadShare(needs: Sum, { allocatable }: Candidate): number {
  const share = (need: number, offered: number) =>
    need === 0 ? 0 : offered > 0 ? need / offered : Number.POSITIVE_INFINITY;
  let largest = Math.max(
    share(needs.cpuMillicores, allocatable.cpuMillicores),
    share(needs.memoryBytes, allocatable.memoryBytes),
    share(needs.ephemeralStorageBytes, allocatable.ephemeralStorageBytes ?? 0),
    share(needs.pods, allocatable.pods),
  );
  for (const [name, need] of needs.extended) largest = Math.max(largest, share(need, extendedOf(allocatable, name)));
  return largest;
}
