import type { KubernetesObject } from '../../rig/api-client.js';
import { isNode, isPod, type Node, type Pod } from '../kubernetes.js';

/**
 * A rule of the scheduler switched off by rewriting what it looks at, as if it always agreed or never did. Each function edits
 * a copy and says whether there was anything to switch. Where `cluster` is given, both the cluster and the pod are rewritten;
 * a pod that `pod` says no to is left out.
 */
export interface Switch {
  readonly pod?: (pod: Pod) => boolean;
  readonly cluster?: (objects: readonly KubernetesObject[]) => boolean;
}

/** What a rule said where switching it off changed the feasible set. */
export type ClauseVerdict = 'refused' | 'allowed';

/** One rule, small enough that it can be right or wrong by itself. */
export interface Clause {
  readonly id: string;
  readonly rule: string;
  readonly switches: readonly Switch[];
  /** What it can say at all: some rules only ever refuse, others only ever allow. */
  readonly verdicts: readonly ClauseVerdict[];
}

const both: readonly ClauseVerdict[] = ['refused', 'allowed'];

export function clause(id: string, rule: string, ...switches: Switch[]): Clause {
  return { id, rule, switches, verdicts: both };
}

/** A rule that, where it decides, can only have said one thing. */
export function oneWay(verdict: ClauseVerdict, id: string, rule: string, ...switches: Switch[]): Clause {
  return { id, rule, switches, verdicts: [verdict] };
}

/** Edits every entry of a list; says whether any was changed. */
export function each<T>(list: readonly T[] | undefined, change: (entry: T) => boolean): boolean {
  let changed = false;
  for (const entry of list ?? []) changed = change(entry) || changed;
  return changed;
}

export const nodes = (change: (node: Node) => boolean) => (objects: readonly KubernetesObject[]) =>
  each(objects.filter(isNode), change);

export const boundPods = (change: (pod: Pod) => boolean) => (objects: readonly KubernetesObject[]) =>
  each(objects.filter(isPod), change);

/** Sets a field; says whether that changed anything. */
export function put<T extends object, K extends keyof T>(into: T, field: K, value: T[K]): boolean {
  if (into[field] === value) return false;
  into[field] = value;
  return true;
}

/** Takes the objects away that `goes` names. */
export const without = (goes: (object: KubernetesObject) => boolean) => (objects: readonly KubernetesObject[]) => {
  const list = objects as KubernetesObject[];
  const kept = list.filter((object) => !goes(object));
  if (kept.length === list.length) return false;
  list.splice(0, list.length, ...kept);
  return true;
};

/** Removes a field; says whether it was there. */
export function drop<T extends object>(from: T, field: keyof T): boolean {
  if (from[field] === undefined) return false;
  delete from[field];
  return true;
}

/** Keeps the first of several entries. */
export function keepFirst(list: unknown[] | undefined): boolean {
  if (list === undefined || list.length < 2) return false;
  list.length = 1;
  return true;
}
