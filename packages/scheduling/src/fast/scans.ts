import { freeCpu, freeMemory, freeShare } from './block-layout.js';
import type { Search } from './node-search.js';
import { mostCpu, mostMemory, rowBits } from './summaries.js';

/**
 * Walks through columns of numbers, the inmost of what is done for each pod. They call nothing: after a call V8 checks again what each
 * array is, which would take longer than what is asked of it.
 */

/** Where the largest key is, -1 when all are minus infinity. */
export function largest(keys: Float64Array, count: number): number {
  let at = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++)
    if ((keys[index] as number) > most) {
      most = keys[index] as number;
      at = index;
    }
  return at;
}

/** Lists the positions of keys that are no less, and more than minus infinity; returns how many. */
export function noLess(keys: Float64Array, count: number, least: number, listed: Int32Array): number {
  const bar = Math.max(least, -Number.MAX_VALUE);
  let length = 0;
  for (let index = 0; index < count; index++) if ((keys[index] as number) >= bar) listed[length++] = index;
  return length;
}

/**
 * The row from `from` to before `to` that has the room and the highest share, or the lowest for `sign` -1; -1 when none has the room.
 */
export function topRow(
  rows: Float64Array,
  shareAt: number,
  from: number,
  to: number,
  { sign, leastCpu, leastMemory }: Search,
): number {
  let most = Number.NEGATIVE_INFINITY;
  let top = -1;
  for (let index = from; index < to; index++) {
    const row = index << rowBits;
    const share = sign * (rows[row + shareAt] as number);
    if (share <= most || (rows[row + mostCpu] as number) < leastCpu || (rows[row + mostMemory] as number) < leastMemory)
      continue;
    most = share;
    top = index;
  }
  return top;
}

/** The same of the first `count` slots of a block, whose numbers begin at `block`. */
export function topSlot(
  free: Float64Array,
  block: number,
  count: number,
  { sign, leastCpu, leastMemory }: Search,
): number {
  let most = Number.NEGATIVE_INFINITY;
  let top = -1;
  for (let slot = 0; slot < count; slot++) {
    const at = block + slot;
    const share = sign * (free[at + freeShare] as number);
    if (!(share > most) || (free[at + freeCpu] as number) < leastCpu || (free[at + freeMemory] as number) < leastMemory)
      continue;
    most = share;
    top = slot;
  }
  return top;
}

/** The first place from `at` on, in steps, before `to`, whose number times the sign is no less; `to` or more when there is none. */
export function nextNoLess(
  numbers: Float64Array,
  at: number,
  to: number,
  step: number,
  sign: 1 | -1,
  least: number,
): number {
  let place = at;
  if (sign === 1) while (place < to && !((numbers[place] as number) >= least)) place += step;
  else while (place < to && !(-(numbers[place] as number) >= least)) place += step;
  return place;
}

/** Whether a node with the room may be among those that the row sums up. */
export function hasRoom(rows: Float64Array, at: number, { leastCpu, leastMemory }: Search): boolean {
  const row = at << rowBits;
  return (rows[row + mostCpu] as number) >= leastCpu && (rows[row + mostMemory] as number) >= leastMemory;
}
