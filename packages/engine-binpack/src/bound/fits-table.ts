import {
  type BoundClass,
  type BoundColumn,
  type BoundProblem,
  mostOnOneNode,
  needsTable,
} from '@cloudoptim/scheduling';

const tables = new WeakMap<BoundProblem, Uint8Array>();

/** By class and column, `class * columns + column`: 1 where at least one pod can be on an empty node. Made once for a problem. */
export function fitsOf(problem: BoundProblem): Uint8Array {
  let fits = tables.get(problem);
  if (fits === undefined) {
    fits = worked(problem);
    tables.set(problem, fits);
  }
  return fits;
}

function worked(problem: BoundProblem): Uint8Array {
  const { classes, columns, rows } = problem;
  const needs = needsTable(problem);
  const width = rows.length;
  const fits = new Uint8Array(classes.length * columns.length);
  for (let column = 0; column < columns.length; column++) {
    const kind = columns[column] as BoundColumn;
    const room = Float64Array.from(kind.capacity);
    const { open, residents } = kind;
    for (let index = 0; index < classes.length; index++) {
      const entry = classes[index] as BoundClass;
      if (open[entry.rule] !== 1 && !residents.has(index)) continue;
      // Most do not fit by their size alone; of the others everything is asked.
      if (!hasRoom(room, needs, index * width)) continue;
      fits[index * columns.length + column] = mostOnOneNode(kind, entry, index) > 0 ? 1 : 0;
    }
  }
  return fits;
}

function hasRoom(room: Float64Array, needs: Float64Array, from: number): boolean {
  for (let row = 0; row < room.length; row++) {
    const need = needs[from + row] as number;
    if (need > 0 && need > (room[row] as number)) return false;
  }
  return true;
}
