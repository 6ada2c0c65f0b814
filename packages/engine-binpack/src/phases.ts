import type { Step } from './changes.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { podSize } from './moving-pods.js';
import { evictedWith } from './remove-node.js';

/**
 * How pods of a plan are evicted. `by-drains`: node by node, those of a node in any order. `hardest-first`: by name, of each step
 * that launches before its drains, and of all others before the first of those. `launches-first`: by name too, all of them once
 * everything is launched; with `largest` only those that are the most of a nuisance, which are few in a large cluster.
 */
export type Evictions = 'by-drains' | 'hardest-first' | 'launches-first' | 'launches-first, largest';

/**
 * Whether pods may be evicted by name. Not where pods wait: kube-scheduler comes to them after a backoff of seconds, when several nodes
 * are Ready, and may put them where an evicted pod has its only place.
 */
export function mayName({ cluster }: Model): boolean {
  return cluster.waiting.length === 0;
}

/** Of all that is evicted, by size, what the pods evicted by name come to at the least where only the largest are. */
const shareOfLargest = 0.4;

/** What is carried out at once: a group of the plan. */
export interface Phase {
  /** The step that it is, by position; undefined where it serves several. */
  readonly step: number | undefined;
  readonly launches: readonly { readonly step: number; readonly launch: Launchable }[];
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
    return { step, launches: launches.map((launch) => ({ step, launch })), named, remove };
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

/** Pods that keep others away, then large ones; none where there is only one, which no order helps. */
function hardestFirst(model: Model, nodes: readonly number[], share = 1): number[] {
  const { pods, podTemplates } = model.state;
  const template = (pod: number) => pods.template[pod] as number;
  const apart = (pod: number) => Number((podTemplates[template(pod)]?.podAntiAffinity?.required?.length ?? 0) > 0);
  const size = (pod: number) => podSize(model.state, template(pod));
  const evicted = nodes.flatMap((node) => evictedWith(model, node));
  if (evicted.length < 2) return [];
  evicted.sort((a, b) => apart(b) - apart(a) || size(b) - size(a) || a - b);
  if (share === 1) return evicted;
  let left = share * evicted.reduce((sum, pod) => sum + size(pod), 0);
  return evicted.filter((pod) => {
    left -= size(pod);
    return apart(pod) === 1 || left + size(pod) > 0;
  });
}
