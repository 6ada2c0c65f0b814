import type { ClusterState } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { queueOrder } from '../queue-order.js';
import { templateKindsOf } from './template-kinds.js';

/** Whole numbers up to here are exact. */
const mostExact = 2 ** 53;

/**
 * As `queueOrder`, without comparing 150,000 pods by a function: age and position become one number, which sorts natively;
 * names decide only among pods of one age.
 */
export function fastQueueOrder(pods: readonly IncomingPod[], state: ClusterState): Int32Array {
  const groups = byPriority(pods, state);
  if (groups === undefined) return inOrder(pods, undefined, state);
  const order = new Int32Array(pods.length);
  let from = 0;
  for (const positions of groups) {
    order.set(inOrder(pods, positions, state), from);
    from += positions.length;
  }
  return order;
}

/** Positions of the pods of each priority, the highest first; undefined when all pods have the same, as in most clusters. */
function byPriority(pods: readonly IncomingPod[], state: ClusterState): readonly (readonly number[])[] | undefined {
  const { priority } = templateKindsOf(state);
  const of = (position: number) => priority[(pods[position] as IncomingPod).template] ?? 0;
  let alike = 1;
  while (alike < pods.length && of(alike) === of(0)) alike++;
  if (alike >= pods.length) return undefined;
  const groups = new Map<number, number[]>();
  for (let position = 0; position < pods.length; position++) {
    const own = groups.get(of(position));
    if (own === undefined) groups.set(of(position), [position]);
    else own.push(position);
  }
  return [...groups].sort(([a], [b]) => b - a).map(([, positions]) => positions);
}

/** Positions of pods of one priority (undefined: of all pods) in the order of age, name and position. */
function inOrder(
  pods: readonly IncomingPod[],
  positions: readonly number[] | undefined,
  state: ClusterState,
): Int32Array {
  const ages = new Float64Array(positions?.length ?? pods.length);
  for (let at = 0; at < ages.length; at++)
    ages[at] = (pods[positions === undefined ? at : (positions[at] as number)] as IncomingPod).createdAtMs ?? 0;
  // A power of two: dividing by it is exact.
  const scale = 2 ** Math.ceil(Math.log2(ages.length + 1));
  if (becomeKeys(ages, scale)) {
    // Numbers above zero are ordered as their bits are, which sort in half the time: nobody asks which of them is no number.
    new BigUint64Array(ages.buffer).sort();
    return ordered(ages, scale, positions, pods);
  }
  const given = positions?.map((position) => pods[position] as IncomingPod) ?? pods;
  return Int32Array.from(queueOrder(given, state), (at) => positions?.[at] ?? at);
}

/** Makes each age one number with its position, none below zero; answers false, and changes nothing, where that number would not be exact. */
function becomeKeys(ages: Float64Array, scale: number): boolean {
  let oldest = Number.POSITIVE_INFINITY;
  let youngest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < ages.length; at++) {
    const age = ages[at] as number;
    if (age < oldest) oldest = age;
    if (age > youngest) youngest = age;
    if (!Number.isSafeInteger(age)) return false;
  }
  if ((youngest - oldest + 1) * scale >= mostExact) return false;
  for (let at = 0; at < ages.length; at++) ages[at] = ((ages[at] as number) - oldest) * scale + at;
  return true;
}

/** The positions behind sorted keys; pods of one age are sorted by name, equal names stay as given. */
function ordered(
  keys: Float64Array,
  scale: number,
  positions: readonly number[] | undefined,
  pods: readonly IncomingPod[],
): Int32Array {
  const order = new Int32Array(keys.length);
  let from = 0;
  let age = 0;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] as number;
    const own = Math.floor(key / scale);
    if (own !== age) {
      if (at - from > 1) sortByName(order.subarray(from, at), pods);
      from = at;
      age = own;
    }
    const position = key - own * scale;
    order[at] = positions === undefined ? position : (positions[position] as number);
  }
  if (keys.length - from > 1) sortByName(order.subarray(from), pods);
  return order;
}

/** Sorts in place pods that stand in the order in which they were given. */
function sortByName(positions: Int32Array, pods: readonly IncomingPod[]): void {
  const names = new Map(Array.from(positions, (position) => [position, pods[position]?.name ?? '']));
  positions.sort((a, b) => {
    const [one, other] = [names.get(a) as string, names.get(b) as string];
    return one < other ? -1 : one > other ? 1 : a - b;
  });
}
