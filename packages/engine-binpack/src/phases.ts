import type { PodTemplate } from '@cloudoptim/core';
import type { Step } from './changes.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { keepsApart, podSize, rankOf } from './moving-pods.js';
import { evictedWith } from './remove-node.js';

/**
 * How pods of a plan are evicted. `by-drains`: node by node, those of a node in any order. `hardest-first`: by name, of each step
 * that launches before its drains, and of all others before the first of those. `launches-first`: by name too, all of them once
 * everything is launched; with `largest` only those that are the most of a nuisance, which are few in a large cluster.
 */
export type Evictions = 'by-drains' | 'hardest-first' | 'launches-first' | 'launches-first, largest';

/** Of all that is evicted, by size, what the pods evicted by name come to at the least where only the largest are. */
const shareOfLargest = 0.4;

/** What is carried out at once: a group of the plan. */
export interface Phase {
  /** The step that it is, by position; undefined where it serves several. */
  readonly step: number | undefined;
  /** With the step of each, and which of its launches it is, by position. */
  readonly launches: readonly { readonly step: number; readonly at: number; readonly launch: Launchable }[];
  /** Pods of the state that are evicted by name, in this order. */
  readonly named: readonly number[];
  /** Nodes that are drained then, and go. */
  readonly remove: readonly number[];
}

/**
 * The steps as they are carried out. Where small pods are evicted first, a large one finds every gap too small, and one that others
 * keep away finds each node taken that it could go to; so they go first, which a drain does not promise.
 */
export function phasesOf(model: Model, steps: readonly Step[], evictions: Evictions): Phase[] {
  const phases = steps.map(({ launches, remove }, step): Phase => {
    const named = evictions === 'hardest-first' && launches.length > 0 ? hardestFirst(model, remove) : [];
    return { step, launches: launches.map((launch, at) => ({ step, at, launch })), named, remove };
  });
  if (evictions === 'by-drains') return phases;
  const atOnce = evictions !== 'hardest-first';
  const later = phases.filter(({ launches }) => atOnce || launches.length === 0);
  const first = later.find(({ remove }) => remove.some((node) => evictedWith(model, node).length > 0));
  const nodes = later.flatMap(({ remove }) => remove);
  const named = hardestFirst(model, nodes, evictions === 'launches-first, largest' ? shareOfLargest : 1);
  if (first === undefined || named.length === 0) return phases;
  const launches = atOnce ? phases.flatMap((phase) => phase.launches) : [];
  const before = phases.indexOf(first);
  const rest = atOnce ? phases.map((phase) => ({ ...phase, launches: [] })) : phases;
  return [...rest.slice(0, before), { step: undefined, launches, named, remove: [] }, ...rest.slice(before)];
}

/** The step, by position, that has to do with the pod of a phase; the phase's own where there is none. */
export function stepOf(
  { state }: Model,
  steps: readonly Step[],
  phase: Phase | undefined,
  pod: number | undefined,
): number | undefined {
  const node = pod === undefined ? undefined : state.pods.node[pod];
  const owner = node === undefined ? -1 : steps.findIndex(({ remove }) => remove.includes(node));
  return phase?.step ?? (owner === -1 ? undefined : owner);
}

/** None where there is only one, which no order helps. With a share of them all, by size, those that come to it and all that keep apart. */
function hardestFirst({ state, evictable }: Model, nodes: readonly number[], share = 1): number[] {
  const template = (pod: number) => state.pods.template[pod] as number;
  const pods = nodes.flatMap((node) => evictable[node] ?? []);
  if (pods.length < 2) return [];
  pods.sort((a, b) => rankOf(state, template(a)) - rankOf(state, template(b)) || a - b);
  if (share === 1) return pods;
  const size = (pod: number) => podSize(state, template(pod));
  let left = share * pods.reduce((sum, pod) => sum + size(pod), 0);
  return pods.filter((pod) => {
    left -= size(pod);
    return left + size(pod) > 0 || keepsApart(state.podTemplates[template(pod)] as PodTemplate);
  });
}
