import { offeringKey, sumUsd, WorkLimitReached } from '@cloudoptim/core';
import type { CandidateOrder } from './candidate-orders.js';
import { Changes, type Step } from './changes.js';
import type { Model } from './model.js';
import { halves, insertByRank, proposeReplacements } from './propose-replacements.js';
import { tryRemove } from './remove-node.js';
import { tryReplace } from './replace-nodes.js';

export interface Found {
  readonly steps: readonly Step[];
  /** What the plan saves, launches paid at their dearest offering. */
  readonly savedUsdPerHour: number;
  readonly evictions: number;
  readonly truncated: boolean;
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
    evictions: model.cluster.evictions,
    truncated,
  };
}

/** What one step saves, in USD per hour, when the dearest of the offerings of each launch comes. */
export function stepSavings(model: Model, { remove, launches }: Step): number {
  return sumUsd([
    ...remove.map((node) => model.prices[node] ?? 0),
    ...launches.map(({ dearestUsdPerHour }) => -dearestUsdPerHour),
  ]);
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
  for (;;) {
    while (await removePass(model, candidates, order, progress)) {}
    if (!model.options.replace || model.options.consolidate === 'empty') return;
    if (!(await replacePass(model, candidates, progress))) return;
  }
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
  const proposals = proposeReplacements(model, nodesStanding(model, candidates));
  for (let next = proposals.shift(); next !== undefined; next = proposals.shift()) {
    const { nodes, candidate } = next;
    if (nodes.some((node) => gone.has(node))) continue;
    // What failed once mostly fails again; another search, from where this one ends, tries everything anew.
    const key = `${offeringKey(candidate.offering)}|${nodes.join(',')}`;
    const launched = model.cluster.placement.nodeCount;
    if (!failed.has(key)) {
      await model.settle();
      if ('launchPool' in tryReplace(model, next)) {
        for (const node of nodes) gone.add(node);
        changes.record(nodes, [launched]);
        continue;
      }
      failed.add(key);
    }
    // Sizes add up, and yet the nodes may not go together: their pods may want different nodes, or the same port.
    for (const half of halves(model, next)) insertByRank(proposals, half);
  }
  return gone.size > 0;
}

/** Candidates of the state that still stand, and launched nodes: a launch that turns out needless is taken back. */
function nodesStanding({ cluster }: Model, candidates: readonly number[]): number[] {
  return [...candidates.filter((node) => cluster.placement.node(node) !== undefined), ...cluster.launches.keys()];
}
