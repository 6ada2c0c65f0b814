import type { BoundProblem } from './bound-problem.js';

const tables = new WeakMap<BoundProblem['classes'], Float64Array>();

/**
 * What a pod of each class needs, `class * rows + row`: the numbers that prices are held against time and again, next to each other
 * and not object by object. Made once for the classes of a problem.
 */
export function needsTable({ classes, rows }: BoundProblem): Float64Array {
  let table = tables.get(classes);
  if (table === undefined) {
    table = new Float64Array(classes.length * rows.length);
    for (let index = 0; index < classes.length; index++) {
      const { needs } = classes[index] as (typeof classes)[number];
      for (let row = 0; row < rows.length; row++) table[index * rows.length + row] = needs[row] as number;
    }
    tables.set(classes, table);
  }
  return table;
}
