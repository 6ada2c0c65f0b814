import type { Step } from './changes.js';
import { type LaunchKind, launchKindOf } from './launch-kind.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { podSize } from './moving-pods.js';
import { notWorthIt } from './remove-node.js';
import { stepSavings } from './search.js';

/** What is added costs this share of the step's new nodes at the least: less would hardly be noticed. */
const leastAdded = 0.04;

/** Most nodes added to a step, one after the other, before nodes are left out of it. */
const mostAdded = 3;

/** What may become of a step that does not hold. */
export interface Loosening {
  /**
   * What a step gets one more of: of its own launches the smallest, which finds use in large steps whose every node is a little
   * too full; or the cheapest node for the pod that found no room, which small steps need.
   */
  readonly adds: 'one-alike' | 'one-for-pod';
  /** Whether a step that launches nothing may launch: then nodes whose pods fit elsewhere only by luck make way for a small one. */
  readonly replaces: boolean;
  /** Whether a step may go on without a node that fails; else it goes as a whole, and its nodes are searched anew. */
  readonly leavesOut: boolean;
}

/**
 * What a step that does not hold is tried as next: with one new node more, or, that done often enough, without the node whose
 * pod found no room. `pod` is that pod of the state, or else the largest of the step. Undefined when nothing that is left would
 * be worth it.
 */
export function loosened(
  model: Model,
  step: Step,
  { adds, replaces, leavesOut }: Loosening,
  pod = largestOf(model, step),
): Step | undefined {
  if (pod === undefined) return undefined;
  const addsNone = (step.added ?? 0) >= mostAdded || (step.launches.length === 0 && !replaces);
  const one = addsNone ? undefined : adds === 'one-alike' ? smallestOf(step) : cheapestFor(model, step, pod);
  const more = one && { ...step, launches: [...step.launches, one], added: (step.added ?? 0) + 1 };
  const left = leavesOut ? withoutNodeOf(model, step, pod) : undefined;
  for (const looser of [more, left]) {
    const savedUsdPerHour = looser === undefined ? 0 : stepSavings(model, looser);
    if (looser === undefined || !(savedUsdPerHour > 0)) continue;
    if (notWorthIt(model, { nodes: looser.remove, savedUsdPerHour }) === undefined) return looser;
  }
  return undefined;
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

function withoutNodeOf({ state }: Model, step: Step, pod: number): Step | undefined {
  const remove = step.remove.filter((node) => node !== state.pods.node[pod]);
  return remove.length === 0 || remove.length === step.remove.length ? undefined : { ...step, remove };
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
