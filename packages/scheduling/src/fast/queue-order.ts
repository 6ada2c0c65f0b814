import type { ClusterState } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { queueOrder } from '../queue-order.js';

/** Whole numbers up to here are exact. */
const mostExact = 2 ** 53;

/**
 * As `queueOrder`, without comparing 150,000 pods by a function: age and position become one number, which sorts natively;
 * names decide only among pods of one age.
 */
export function fastQueueOrder(pods: readonly IncomingPod[], state: ClusterState): readonly number[] {
  const byPriority = new Map<number, number[]>();
  let group: number[] = [];
  let groupPriority: number | undefined;
  for (let position = 0; position < pods.length; position++) {
    const priority = state.podTemplates[(pods[position] as IncomingPod).template]?.priority ?? 0;
    if (priority !== groupPriority) {
      group = byPriority.get(priority) ?? [];
      byPriority.set(priority, group);
      groupPriority = priority;
    }
    group.push(position);
  }
  const priorities = [...byPriority.keys()].sort((a, b) => b - a);
  const orders = priorities.map((priority) => byAge(pods, byPriority.get(priority) as number[], state));
  return orders.length === 1 ? (orders[0] as number[]) : orders.flat();
}

function byAge(pods: readonly IncomingPod[], positions: readonly number[], state: ClusterState): number[] {
  const ages = agesOf(pods, positions);
  const keys = sortKeys(ages);
  if (keys === undefined) {
    const order = queueOrder(
      positions.map((position) => pods[position] as IncomingPod),
      state,
    );
    return order.map((at) => positions[at] as number);
  }
  keys.sort();
  const order = positionsOf(keys);
  sortNames(order, ages, (at) => (pods[positions[at] as number] as IncomingPod).name ?? '');
  for (let at = 0; at < order.length; at++) order[at] = positions[order[at] as number] as number;
  return order;
}

function agesOf(pods: readonly IncomingPod[], positions: readonly number[]): Float64Array {
  const ages = new Float64Array(positions.length);
  for (let at = 0; at < ages.length; at++) ages[at] = (pods[positions[at] as number] as IncomingPod).createdAtMs ?? 0;
  return ages;
}

/** Age and position of each pod as one number; undefined where that number would not be exact. */
function sortKeys(ages: Float64Array): Float64Array | undefined {
  let oldest = Number.POSITIVE_INFINITY;
  let youngest = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let at = 0; at < ages.length; at++) {
    const age = ages[at] as number;
    if (age < oldest) oldest = age;
    if (age > youngest) youngest = age;
    if (!Number.isSafeInteger(age)) whole = false;
  }
  const count = ages.length;
  if (!whole || (youngest - oldest + 1) * count >= mostExact) return undefined;
  const keys = new Float64Array(count);
  for (let at = 0; at < count; at++) keys[at] = ((ages[at] as number) - oldest) * count + at;
  return keys;
}

function positionsOf(keys: Float64Array): number[] {
  const count = keys.length;
  const order = new Array<number>(count).fill(0);
  for (let at = 0; at < count; at++) order[at] = (keys[at] as number) % count;
  return order;
}

/** Sorts stretches of one age by name. */
function sortNames(order: number[], ages: Float64Array, nameOf: (at: number) => string): void {
  const count = order.length;
  for (let from = 0; from < count; ) {
    const age = ages[order[from] as number];
    let to = from + 1;
    while (to < count && ages[order[to] as number] === age) to++;
    if (to - from > 1) sortByName(order, from, to, nameOf);
    from = to;
  }
}

/** Sorts one stretch; equal names stay as given. */
function sortByName(order: number[], from: number, to: number, nameOf: (at: number) => string): void {
  const names = new Map(order.slice(from, to).map((at) => [at, nameOf(at)]));
  const sorted = [...names.keys()].sort((a, b) => {
    const [one, other] = [names.get(a) as string, names.get(b) as string];
    return one < other ? -1 : one > other ? 1 : a - b;
  });
  for (const [offset, at] of sorted.entries()) order[from + offset] = at;
}
