import type { Step } from './changes.js';
import { type LaunchKind, launchKindOf } from './launch-kind.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { podSize } from './moving-pods.js';
import { notWorthIt } from './remove-node.js';
import { stepSavings } from './search.js';

/** What is added costs this share of the step's new nodes at the least: less would hardly be noticed. */
const leastAdded = 0.04;

/** Most nodes added to a step, one after the other: a node of sixty pods may need several small ones. */
const mostAdded = { 'one-alike': 3, 'one-for-pod': 8 } as const;

/** What may become of a step that does not hold. */
export interface Loosening {
  /**
   * What a step gets one more of: of its own launches the smallest, which finds use in large steps whose every node is a little
   * too full; or the cheapest node for the pod that found no room, which small steps need.
   */
  readonly adds: 'one-alike' | 'one-for-pod';
  /** Whether a step that launches nothing may launch: then nodes whose pods fit elsewhere only by luck make way for a small one. */
  readonly replaces: boolean;
}

/**
 * What a step that does not hold is tried as next: with one new node more. `pod` is the pod of the state that found no room, or else
 * the largest of the step. Undefined when that would not be worth it, or was done often enough.
 */
export function loosened(
  model: Model,
  step: Step,
  { adds, replaces }: Loosening,
  pod = largestOf(model, step),
): Step | undefined {
  if (pod === undefined) return undefined;
  if ((step.added ?? 0) >= mostAdded[adds] || (step.launches.length === 0 && !replaces)) return undefined;
  const one = adds === 'one-alike' ? smallestOf(step) : cheapestFor(model, step, pod);
  if (one === undefined) return undefined;
  const launches = adds === 'one-for-pod' && isForOthers(model, step, pod) ? [one] : [...step.launches, one];
  const looser = { ...step, launches, added: (step.added ?? 0) + 1 };
  const savedUsdPerHour = stepSavings(model, looser);
  const isWorthIt = savedUsdPerHour > 0 && notWorthIt(model, { nodes: step.remove, savedUsdPerHour }) === undefined;
  return isWorthIt ? looser : undefined;
}

/**
 * Whether the only node that the step launches could not even take the pod while empty: when it was found others were to go there and
 * the pod elsewhere. They may as well have the new one.
 */
function isForOthers(model: Model, { launches: [own, ...others] }: Step, pod: number): boolean {
  return own !== undefined && others.length === 0 && !model.problems().takes(own, pod);
}

/** The smallest launch of the step that makes a difference to the others. */
function smallestOf({ launches }: Step): Launchable | undefined {
  const least = leastAdded * priceOf(launches);
  const [first, ...others] = launches.filter(({ usdPerHour }) => usdPerHour >= least);
  return first && others.reduce((smallest, next) => (next.usdPerHour < smallest.usdPerHour ? next : smallest), first);
}

/** The cheapest new node that takes the pod and makes a difference to the others. */
function cheapestFor(model: Model, step: Step, pod: number): Launchable | undefined {
  const kind = kindOf(model, step);
  return kind && model.problems().cheapestFor(pod, kind, leastAdded * priceOf(step.launches));
}

function priceOf(launches: readonly Launchable[]): number {
  return launches.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0);
}

/** Of the kind that the step launches, or that it takes away. */
function kindOf(model: Model, { launches, remove }: Step): LaunchKind | undefined {
  const node = model.state.nodes[remove[0] ?? -1];
  const kind = node === undefined || !model.options.replace ? undefined : launchKindOf(model, node);
  return kind && { ...kind, zone: launches[0]?.offerings[0].offering.zone ?? node?.zone };
}

function largestOf({ state, evictable }: Model, { remove }: Step): number | undefined {
  const size = (pod: number) => podSize(state, state.pods.template[pod] as number);
  const pods = remove.flatMap((node) => evictable[node] ?? []);
  return pods.reduce<number | undefined>(
    (largest, pod) => (largest === undefined || size(pod) > size(largest) ? pod : largest),
    undefined,
  );
}
