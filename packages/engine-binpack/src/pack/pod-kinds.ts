import { type BoundProblem, mostOnOneNode } from '@cloudoptim/scheduling';

/**
 * Classes that need the same and may go to the same nodes; those in exclusive groups apart from the others, whichever group it is.
 * A node is filled kind by kind, and whose pod it is comes second: a thousand groups of equal pods are then no slower than one.
 */
export interface PodKinds {
  readonly count: number;
  /** Rows of which some pod needs something; the others never matter. */
  readonly rows: readonly number[];
  /** `kind * rows.length + position in rows`. */
  readonly needs: Float64Array;
  readonly ofClass: Int32Array;
  /** Classes by kind. */
  readonly members: readonly (readonly number[])[];
  /** `column * count + kind`: 1 where an empty node of the column takes a pod of the kind. */
  readonly fits: Uint8Array;
}

export function podKinds(problem: BoundProblem): PodKinds {
  const { classes, columns } = problem;
  const rows = problem.rows.flatMap((_, row) => (classes.some(({ needs }) => (needs[row] as number) > 0) ? [row] : []));
  const residents = new Set(columns.flatMap((column) => [...column.residents]));
  const byKey = new Map<string, number[]>();
  classes.forEach(({ needs, rule, group }, index) => {
    // A class that may stay where its like may not go is a kind of its own. To pods that repel each other a place on a node is worth
    // more than its room, to others that need as much it is not.
    const own = residents.has(index) ? index : -1;
    const key = [rule, own, Number(group >= 0), ...rows.map((row) => needs[row])].join(' ');
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [index]);
    else members.push(index);
  });
  const members = [...byKey.values()];
  const ofClass = new Int32Array(classes.length);
  const needs = new Float64Array(members.length * rows.length);
  const fits = new Uint8Array(columns.length * members.length);
  members.forEach((own, kind) => {
    for (const index of own) ofClass[index] = kind;
    const first = own[0] as number;
    const entry = { ...(classes[first] as (typeof classes)[number]), group: -1 };
    rows.forEach((row, at) => {
      needs[kind * rows.length + at] = entry.needs[row] as number;
    });
    columns.forEach((column, at) => {
      fits[at * members.length + kind] = mostOnOneNode(column, entry, first) > 0 ? 1 : 0;
    });
  });
  return { count: members.length, rows, needs, ofClass, members, fits };
}
