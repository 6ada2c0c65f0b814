import { nodeDisruption } from './balanced-score.js';
import { withinLimit } from './disruption-limit.js';
import type { ExchangeProblem, ExchangeProblems } from './exchange-problem.js';
import { type LaunchKind, launchKindOf } from './launch-kind.js';
import type { Model } from './model.js';
import type { Packing } from './pack/packing.js';
import { evictedWith, forbiddenByOwner } from './remove-node.js';

/** Nodes that go together, and what kind of nodes may come in their place. */
export interface ExchangeSet {
  readonly nodes: readonly number[];
  readonly kind: LaunchKind;
}

/** Most nodes that go in one step: packing gains little from more, and a step that fails takes all of them with it. */
const mostInSet = 64;

/** So many nodes of a pool may also be exchanged across zones, which is worth it where a zone has only few. */
const fewNodes = 64;

/** A node whose price is hardly above what its pods are worth is not worth its pods' moves. */
const leastWasteShare = 0.03;

/**
 * Sets of nodes that cost more than their pods would on new nodes, dearest waste for the least disturbance first. A new node
 * is of the kind that proposeReplacements allows, and keeps the zone where there are many.
 */
export async function proposeExchanges(
  model: Model,
  problems: ExchangeProblems,
  nodes: readonly number[],
): Promise<ExchangeSet[]> {
  const sets: ExchangeSet[] = [];
  for (const { kind, members } of byKind(model, nodes)) {
    const problem = problems.of(members, kind);
    if (problem === undefined || problem.candidates.length === 0) continue;
    const worth = worthOf(problem, await model.pack(problem));
    const wasteful = members
      .map((node) => ({ node, ...wasteOf(model, problems, node, worth) }))
      .filter(({ waste, price }) => waste > leastWasteShare * price)
      .sort((a, b) => b.waste / b.disruption - a.waste / a.disruption || a.node - b.node)
      .map(({ node }) => node);
    // Those that the policy lets go today: else the sets of the first zone would use up what it allows.
    const allowed = withinLimit(model, wasteful, (node) => [node]);
    const zones = byZone(model, allowed);
    if (zones.size !== 1 && allowed.length <= fewNodes) sets.push(...slices(model, allowed, kind));
    for (const [zone, own] of zones) if (zone !== undefined) sets.push(...slices(model, own, { ...kind, zone }));
  }
  return sets;
}

/** In slices of equal size that owners and budgets let go at once. */
function slices(model: Model, nodes: readonly number[], kind: LaunchKind): ExchangeSet[] {
  let most = Math.min(mostInSet, nodes.length);
  while (most > 1 && forbiddenByOwner(model, nodes.slice(0, most)) !== undefined) most = Math.ceil(most / 2);
  const count = Math.ceil(nodes.length / Math.max(1, most));
  const size = Math.ceil(nodes.length / Math.max(1, count));
  return Array.from({ length: count }, (_, at) => ({ nodes: nodes.slice(at * size, (at + 1) * size), kind }));
}

function byZone({ cluster }: Model, nodes: readonly number[]): Map<string | undefined, number[]> {
  const zones = new Map<string | undefined, number[]>();
  for (const node of nodes) {
    const zone = cluster.placement.node(node)?.zone;
    const own = zones.get(zone);
    if (own === undefined) zones.set(zone, [node]);
    else own.push(node);
  }
  return zones;
}

function byKind(model: Model, nodes: readonly number[]) {
  const kinds = new Map<string, { readonly kind: LaunchKind; readonly members: number[] }>();
  for (const node of nodes) {
    const object = model.cluster.placement.node(node);
    if (object === undefined || node >= model.state.nodes.length) continue;
    const kind = launchKindOf(model, object);
    if (kind === undefined || model.prices[node] === undefined) continue;
    const { pool, architecture, capacityType } = kind;
    const key = `${pool.via.kind}/${pool.pool.name}/${architecture ?? ''}/${capacityType}`;
    const known = kinds.get(key);
    if (known !== undefined) known.members.push(node);
    else kinds.set(key, { kind, members: [node] });
  }
  return kinds.values();
}

/**
 * By class of the whole cluster, what one pod costs where all are packed anew, in USD per hour: of each new node a pod pays by
 * the resources that it takes. Pods that fit on no new node are beyond price.
 */
function worthOf(problem: ExchangeProblem, { nodes, unplaced }: Packing): ReadonlyMap<number, number> {
  const worth = new Map<number, number>();
  for (const { column, times, holds } of nodes) {
    const { capacity, usdPerHour } = problem.columns[column] as ExchangeProblem['columns'][number];
    const shares = holds.map(([index, count]) => ({
      entry: problem.classes[index] as ExchangeProblem['classes'][number],
      share: count * shareOf(problem.classes[index]?.needs ?? [], capacity),
    }));
    const sum = shares.reduce((total, { share }) => total + share, 0);
    for (const { entry, share } of shares) {
      const each = sum > 0 ? (times * usdPerHour * share) / sum / entry.count : 0;
      worth.set(entry.whole, (worth.get(entry.whole) ?? 0) + each);
    }
  }
  for (const [index] of unplaced) worth.set(problem.classes[index]?.whole as number, Number.POSITIVE_INFINITY);
  return worth;
}

function shareOf(needs: readonly number[], capacity: readonly number[]): number {
  let share = 0;
  for (let row = 0; row < needs.length; row++) {
    const room = capacity[row] as number;
    if (room > 0) share += (needs[row] as number) / room;
  }
  return share;
}

function wasteOf(model: Model, problems: ExchangeProblems, node: number, worth: ReadonlyMap<number, number>) {
  const price = model.prices[node] as number;
  let waste = price;
  for (const index of problems.classesOn(node)) waste -= worth.get(index) ?? Number.POSITIVE_INFINITY;
  return { price, waste, disruption: nodeDisruption(model.state, evictedWith(model, node)) };
}
