import type { BoundProblem } from '@cloudoptim/scheduling';
import type { PodKinds } from './pod-kinds.js';

/** Kinds up to here are each their own direction. */
const few = 48;

/** Steps of a doubling in which a ratio is told from another. */
const steps = 3;

/**
 * Numbers kinds such that those of one number have one rule, and needs in nearly the same ratio to each other. Small pods are
 * told from large ones, since of those a node may run out of places before it runs out of room.
 */
export function directionsOf(
  { classes, rows }: BoundProblem,
  { count, rows: asked, members, needs }: PodKinds,
): Int32Array {
  const directions = new Int32Array(count);
  const numbers = new Map<string, number>();
  const width = asked.length;
  const pods = asked.findIndex((row) => rows[row] === 'pods');
  const totals = asked.map((_, at) => {
    let sum = 0;
    for (let kind = 0; kind < count; kind++) sum += needs[kind * width + at] as number;
    return sum / count;
  });
  for (let kind = 0; kind < count; kind++) {
    const own = totals.map((mean, at) => (needs[kind * width + at] as number) / mean);
    const base = own.reduce((most, share, at) => (at === pods ? most : Math.max(most, share)), 0);
    const key = own.map((share, at) =>
      share <= 0 || base <= 0
        ? 'none'
        : at === pods
          ? Math.max(-2, Math.min(2, Math.round(Math.log2(base))))
          : Math.max(-4 * steps, Math.round(steps * Math.log2(share / base))),
    );
    const text = count <= few ? String(kind) : [classes[members[kind]?.[0] as number]?.rule, ...key].join(' ');
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    directions[kind] = number;
  }
  return directions;
}
