import {
  type ClusterState,
  isDaemonSetPod,
  isTerminal,
  isTerminating,
  type NodeSelector,
  type PodTemplate,
  type Policy,
  podExtra,
  podOccupies,
} from '@cloudoptim/core';
import { type Lookups, lookupsOf } from '../lookups.js';
import { successorOf } from '../successor.js';
import type { ExclusiveGroups } from './exclusive-groups.js';
import type { PlacementRule } from './profile.js';
import { amountsOf, type Rows } from './rows.js';

/** Pods that are the same to the bound. */
export interface BoundClass {
  /** How many there are. */
  readonly count: number;
  /** What each needs at least, by row. */
  readonly needs: readonly number[];
  /** Index into the rules: where its pods may go. */
  readonly rule: number;
  /** Pods of one group never share a node; -1 for pods that may. */
  readonly group: number;
}

export interface Demand {
  readonly classes: readonly BoundClass[];
  readonly rules: readonly PlacementRule[];
  /** By pod of the state: its class, or -1 for pods that a plan may leave without a place. */
  readonly classOf: Int32Array;
}

/**
 * The pods that have a place whatever the plan: what runs and either stays or is replaced by its owner. Left out, so that the
 * bound holds for a plan that lets them go: pods that end, bare pods that policy does not pin, and pods of schedulers that
 * we know nothing of. Pods of DaemonSets and static pods belong to their node. `pendingPods` adds those that wait.
 */
export function demandOf(
  state: ClusterState,
  policy: Policy,
  rows: Rows,
  groups: ExclusiveGroups,
  pendingPods: boolean,
): Demand {
  const lookups = lookupsOf(state);
  const classOf = new Int32Array(state.pods.count).fill(-1);
  const classes = new Index<BoundClass & { count: number }>();
  const rules = new Index<PlacementRule>();
  const plain = new Map<number, number>();
  for (let pod = 0; pod < state.pods.count; pod++) {
    const extra = state.pods.extra[pod];
    const workload = state.pods.workload[pod] as number;
    const bound = state.pods.node[pod] !== -1;
    // Pods with nothing of their own are most of them, and are worked out once for a template and owner.
    const key =
      extra === undefined
        ? (workload * state.podTemplates.length + (state.pods.template[pod] as number)) * 2 + (bound ? 1 : 0)
        : -1;
    const known = key < 0 ? undefined : plain.get(key);
    const index = known ?? classify(pod);
    if (key >= 0 && known === undefined) plain.set(key, index);
    classOf[pod] = index;
    const entry = classes.items[index];
    if (entry !== undefined) entry.count++;
  }
  return { classes: classes.items, rules: rules.items, classOf };

  function classify(pod: number): number {
    const next = isDemand(state, pod, policy, pendingPods) ? nextOf(state, pod) : undefined;
    if (next === undefined) return -1;
    const now = amountsOf(rows, podOccupies(state, pod));
    const later = amountsOf(rows, next.template.needs);
    // It may stay as it is or be replaced by its successor, whichever needs less.
    const needs = now.map((amount, row) => Math.min(amount, later[row] as number));
    const rule = ruleOf(next.template, next.claims, lookups);
    const ruleIndex = rules.add(JSON.stringify(rule), () => rule);
    const group = groups.of(state.pods.template[pod] as number, next.index);
    return classes.add(JSON.stringify([needs, ruleIndex, group]), () => ({ count: 0, needs, rule: ruleIndex, group }));
  }
}

function isDemand(state: ClusterState, pod: number, policy: Policy, pendingPods: boolean): boolean {
  if (isTerminal(state, pod) || isTerminating(state, pod) || isDaemonSetPod(state, pod)) return false;
  const { mirror } = podExtra(state, pod);
  const template = state.podTemplates[state.pods.template[pod] as number] as PodTemplate;
  const scheduler = template.schedulerName ?? 'default-scheduler';
  if (mirror === true || !state.scheduler.profiles.some(({ schedulerName }) => schedulerName === scheduler))
    return false;
  if (state.pods.node[pod] === -1) return pendingPods && (template.schedulingGates ?? []).length === 0;
  return state.pods.workload[pod] !== -1 || policy.pins.barePods;
}

/** The template that the pod has after the plan where it moves, and the claims it then uses. */
function nextOf(state: ClusterState, pod: number) {
  const bound = state.pods.node[pod] !== -1;
  const successor = bound ? successorOf(state, pod) : undefined;
  const moves = successor !== undefined && 'template' in successor;
  const index = moves ? successor.template : (state.pods.template[pod] as number);
  const claims = (moves ? successor.extra?.claims : podExtra(state, pod).claims) ?? [];
  return { index, template: state.podTemplates[index] as PodTemplate, claims };
}

/** Bound volumes hold a pod in their zone; volumes that are not known hold it nowhere. */
function ruleOf(template: PodTemplate, ownClaims: readonly string[], lookups: Lookups): PlacementRule {
  const selectors: NodeSelector[] = [];
  if (template.nodeAffinity?.required !== undefined) selectors.push(template.nodeAffinity.required);
  const fixed = (template.volumes ?? []).flatMap((volume) => (volume.kind === 'claim' ? [volume.claim] : []));
  for (const claim of [...new Set([...ownClaims, ...fixed])].sort()) {
    const name = lookups.claim(template.namespace, claim)?.volume;
    const affinity = name === undefined ? undefined : lookups.volume(name)?.nodeAffinity;
    if (affinity !== undefined) selectors.push(affinity);
  }
  return { nodeSelector: template.nodeSelector ?? {}, selectors, tolerations: template.tolerations ?? [] };
}

/** Things by a text that tells them apart, numbered as they come. */
class Index<T> {
  readonly items: T[] = [];
  readonly #numbers = new Map<string, number>();

  add(key: string, make: () => T): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.items.length;
      this.items.push(make());
      this.#numbers.set(key, number);
    }
    return number;
  }
}
