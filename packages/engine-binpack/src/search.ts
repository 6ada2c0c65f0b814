import { offeringKey, sumUsd, WorkLimitReached } from '@cloudoptim/core';
import type { CandidateOrder } from './candidate-orders.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { halves, insertByRank, proposeReplacements } from './propose-replacements.js';
import { tryRemove } from './remove-node.js';
import { tryReplace } from './replace-nodes.js';

/** Nodes of the state that go together, and what is launched in their place. */
export interface Step {
  readonly remove: readonly number[];
  readonly launch?: Launchable;
}

export interface Found {
  readonly steps: readonly Step[];
  /** What the plan saves, launches paid at their dearest offering. */
  readonly savedUsdPerHour: number;
  readonly evictions: number;
  readonly truncated: boolean;
}

/** What was carried out on the working cluster before a search goes on from there. */
export interface Done {
  /** By launched node: the nodes of the state that it stands for. */
  readonly origins: ReadonlyMap<number, readonly number[]>;
  /** Nodes of the state removed without a replacement of their own. */
  readonly removals: readonly number[];
}

const nothingDone: Done = { origins: new Map(), removals: [] };

/**
 * Removes and replaces nodes one after the other, each as soon as it is found to be possible, until no change is left. The
 * working cluster is left as found; the caller rolls it back. When the work budget ends, what was found until then stands.
 */
export async function search(
  model: Model,
  candidates: readonly number[],
  order: CandidateOrder,
  done: Done = nothingDone,
): Promise<Found> {
  const origins = new Map(done.origins);
  const removals = [...done.removals];
  let truncated = false;
  try {
    await untilNothingChanges(model, candidates, order, { origins, removals, failed: new Set() });
  } catch (error) {
    if (!WorkLimitReached.isInstance(error)) throw error;
    truncated = true;
  }
  const { cluster } = model;
  const steps: Step[] = [
    ...[...cluster.launches].map(([node, launch]) => ({ remove: origins.get(node) ?? [], launch })),
    ...removals.map((node) => ({ remove: [node] })),
  ];
  return {
    steps,
    savedUsdPerHour: sumUsd(steps.map((step) => stepSavings(model, step))),
    evictions: cluster.evictions,
    truncated,
  };
}

/** What one step saves, in USD per hour, when the dearest of its offerings comes. */
export function stepSavings(model: Model, { remove, launch }: Step): number {
  return sumUsd([...remove.map((node) => model.prices[node] ?? 0), -(launch?.dearestUsdPerHour ?? 0)]);
}

/** Nodes of the state that the steps take away. */
export function removedBy(steps: readonly Step[]): number[] {
  return steps.flatMap(({ remove }) => remove);
}

interface Progress {
  readonly origins: Map<number, readonly number[]>;
  readonly removals: number[];
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
  { origins, removals }: Progress,
): Promise<boolean> {
  const standing = nodesStanding(model, candidates);
  const ranks = new Map(standing.map((node) => [node, order.rank(model, node)]));
  standing.sort((a, b) => (ranks.get(a) as number) - (ranks.get(b) as number) || a - b);
  let changed = false;
  for (const node of standing) {
    await model.settle();
    if (tryRemove(model, node) !== undefined) continue;
    changed = true;
    removals.push(...(origins.get(node) ?? (node < model.state.nodes.length ? [node] : [])));
    origins.delete(node);
  }
  return changed;
}

async function replacePass(
  model: Model,
  candidates: readonly number[],
  { origins, failed }: Progress,
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
        const replaced: number[] = [];
        for (const node of nodes) {
          gone.add(node);
          replaced.push(...(origins.get(node) ?? (node < model.state.nodes.length ? [node] : [])));
          origins.delete(node);
        }
        origins.set(launched, replaced);
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
