import { type BoundClass, type BoundColumn, type BoundProblem, mostOnOneNode } from '@cloudoptim/scheduling';

const tables = new WeakMap<BoundProblem, Uint8Array>();

/** By class and column, `class * columns + column`: 1 where at least one pod can be on an empty node. Made once for a problem. */
export function fitsOf(problem: BoundProblem): Uint8Array {
  let fits = tables.get(problem);
  if (fits === undefined) {
    const { classes, columns } = problem;
    fits = new Uint8Array(classes.length * columns.length);
    for (let index = 0; index < classes.length; index++)
      for (let column = 0; column < columns.length; column++) {
        const [entry, kind] = [classes[index] as BoundClass, columns[column] as BoundColumn];
        fits[index * columns.length + column] = mostOnOneNode(kind, entry, index) > 0 ? 1 : 0;
      }
    tables.set(problem, fits);
  }
  return fits;
}
