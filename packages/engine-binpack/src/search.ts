import { offeringKey, sumUsd, WorkLimitReached } from '@cloudoptim/core';
import type { CandidateOrder } from './candidate-orders.js';
import { Changes, type Step } from './changes.js';
import { beyondLimit } from './disruption-limit.js';
import { tryExchange } from './exchange-nodes.js';
import type { Model } from './model.js';
import { proposeExchanges } from './propose-exchanges.js';
import { halves, ProposalQueue, proposeReplacements } from './propose-replacements.js';
import { tryRemove } from './remove-node.js';
import { RepellingSets } from './repelling-sets.js';
import { tryReplace } from './replace-nodes.js';

export interface Found {
  readonly steps: readonly Step[];
  /** What the plan saves, launches paid at their dearest offering. */
  readonly savedUsdPerHour: number;
  /** The same with launches paid at their cheapest offering, which comes as long as there is any. */
  readonly expectedUsdPerHour: number;
  readonly evictions: number;
  readonly truncated: boolean;
  /** How it was found. */
  readonly order: CandidateOrder;
}

/**
 * Removes and replaces nodes one after the other, each as soon as it is found to be possible, until no change is left. It goes
 * on from what was carried out on the working cluster (`changes`), and leaves that as found; the caller rolls it back. When the
 * work budget ends, what was found until then stands.
 */
export async function search(
  model: Model,
  candidates: readonly number[],
  order: CandidateOrder,
  changes = new Changes(model),
): Promise<Found> {
  let truncated = false;
  try {
    await untilNothingChanges(model, candidates, order, { changes, failed: new Set() });
  } catch (error) {
    if (!WorkLimitReached.isInstance(error)) throw error;
    truncated = true;
  }
  const steps = changes.steps();
  return {
    steps,
    savedUsdPerHour: sumUsd(steps.map((step) => stepSavings(model, step))),
    expectedUsdPerHour: sumUsd(steps.map((step) => expectedSavings(model, step))),
    evictions: model.cluster.evictions,
    truncated,
    order,
  };
}

/** What one step saves, in USD per hour, when the dearest of the offerings of each launch comes. */
export function stepSavings(model: Model, { remove, launches }: Step): number {
  return sumUsd([
    ...remove.map((node) => model.prices[node] ?? 0),
    ...launches.map(({ dearestUsdPerHour }) => -dearestUsdPerHour),
  ]);
}

/** What one step saves, in USD per hour, when the cheapest of the offerings of each launch comes. */
export function expectedSavings(model: Model, { remove, launches }: Step): number {
  return sumUsd([...remove.map((node) => model.prices[node] ?? 0), ...launches.map(({ usdPerHour }) => -usdPerHour)]);
}

/** Nodes of the state that the steps take away. */
export function removedBy(steps: readonly Step[]): number[] {
  return steps.flatMap(({ remove }) => remove);
}

interface Progress {
  readonly changes: Changes;
  /** Replacements that were tried in vain. */
  readonly failed: Set<string>;
}

async function untilNothingChanges(
  model: Model,
  candidates: readonly number[],
  order: CandidateOrder,
  progress: Progress,
): Promise<void> {
  const replaces = model.options.replace && model.options.consolidate !== 'empty';
  if (replaces && order.exchanges === 'first') await exchangePass(model, candidates, progress);
  for (;;) {
    while (await removePass(model, candidates, order, progress)) {}
    if (!replaces) return;
    if (await replacePass(model, candidates, progress)) continue;
    if (order.exchanges === 'none' || !(await exchangePass(model, candidates, progress))) return;
  }
}

/** Sets are not halved below so many nodes: replacements look at those. */
const fewestExchanged = 2;

/** Exchanges of several nodes for several, in whole or in halves. */
async function exchangePass(
  model: Model,
  candidates: readonly number[],
  { changes, failed }: Progress,
): Promise<boolean> {
  const { placement } = model.cluster;
  const problems = model.exchanges();
  // What pods are worth is seen where all are packed, whatever the limits leave room for.
  const standing = candidates.filter((node) => placement.node(node) !== undefined);
  if (problems === undefined || !standing.some((node) => isWithinLimit(model, node))) return false;
  const sets = await proposeExchanges(model, problems, standing);
  let changed = false;
  // Pods of one set must not go to nodes of the next, which would only grow by them.
  const closed = sets.flatMap(({ nodes }) => nodes);
  for (const node of closed) model.cluster.close(node);
  for (let next = sets.shift(); next !== undefined; next = sets.shift()) {
    const nodes = next.nodes.filter((node) => placement.node(node) !== undefined);
    const key = `${next.kind.zone}|${nodes.join(',')}`;
    if (nodes.length === 0 || failed.has(key)) continue;
    const launched = await tryExchange(model, problems, { ...next, nodes });
    if (!('length' in launched)) {
      failed.add(key);
      const middle = Math.ceil(nodes.length / 2);
      if (nodes.length >= 2 * fewestExchanged)
        sets.unshift({ ...next, nodes: nodes.slice(0, middle) }, { ...next, nodes: nodes.slice(middle) });
      // Nodes that stay after all take pods of the sets to come.
      else for (const node of nodes) model.cluster.open(node);
      continue;
    }
    changes.record(nodes, launched);
    changed = true;
  }
  for (const node of closed) if (placement.node(node) !== undefined) model.cluster.open(node);
  return changed;
}

async function removePass(
  model: Model,
  candidates: readonly number[],
  order: CandidateOrder,
  { changes }: Progress,
): Promise<boolean> {
  const standing = nodesStanding(model, candidates);
  const ranks = new Map(standing.map((node) => [node, order.rank(model, node)]));
  standing.sort((a, b) => (ranks.get(a) as number) - (ranks.get(b) as number) || a - b);
  let changed = false;
  for (const node of standing) {
    await model.settle();
    if (tryRemove(model, node) !== undefined) continue;
    changed = true;
    changes.record([node], []);
  }
  return changed;
}

async function replacePass(
  model: Model,
  candidates: readonly number[],
  { changes, failed }: Progress,
): Promise<boolean> {
  const gone = new Set<number>();
  // To replace what an exchange has just launched would tie all its sets into one step, which goes as a whole or not at all.
  const standing = nodesStanding(model, candidates).filter((node) => !changes.isShared(node));
  const proposals = new ProposalQueue(await proposeReplacements(model, standing));
  const repelling = new RepellingSets(model);
  for (let next = proposals.next(); next !== undefined; next = proposals.next()) {
    const { nodes, candidate } = next;
    if (nodes.some((node) => gone.has(node))) continue;
    // What failed once mostly fails again; another search, from where this one ends, tries everything anew.
    const key = `${offeringKey(candidate.offering)}|${nodes.join(',')}`;
    const launched = model.cluster.placement.nodeCount;
    if (!failed.has(key)) {
      await model.settle();
      if (!repelling.has(nodes) && 'launchPool' in tryReplace(model, next)) {
        repelling.forgetRoom();
        for (const node of nodes) gone.add(node);
        changes.record(nodes, [launched]);
        continue;
      }
      failed.add(key);
    }
    // Sizes add up, and yet the nodes may not go together: their pods may want different nodes, or the same port.
    for (const half of halves(model, next)) proposals.add(half);
  }
  return gone.size > 0;
}

/**
 * Candidates of the state that still stand and for whose removal the policy's limits leave room, and launched nodes: a launch that
 * turns out needless is taken back.
 */
function nodesStanding(model: Model, candidates: readonly number[]): number[] {
  const { cluster } = model;
  const own = candidates.filter((node) => cluster.placement.node(node) !== undefined && isWithinLimit(model, node));
  return [...own, ...cluster.launches.keys()];
}

function isWithinLimit(model: Model, node: number): boolean {
  return beyondLimit(model, [node]) === undefined;
}
