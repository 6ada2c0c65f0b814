import type { BoundProblem } from '@cloudoptim/scheduling';
import type { Packing } from '../src/pack/packing.js';

/** What is wrong with a packing, by rules written anew: room, rules, groups, supply, and every pod placed or said not to be. */
export function packingFaults({ classes, columns, rows }: BoundProblem, packing: Packing): string[] {
  const faults: string[] = [];
  const counted = new Map<number, number>(packing.unplaced);
  const used = new Map<number, number>();
  for (const { column, times, holds } of packing.nodes) {
    const kind = columns[column];
    if (kind === undefined || !Number.isInteger(times) || times < 1 || holds.length === 0) {
      faults.push(`${times} nodes of column ${column} with ${holds.length} classes`);
      continue;
    }
    used.set(column, (used.get(column) ?? 0) + times);
    const load = rows.map(() => 0);
    const groups = new Map<number, number>();
    for (const [index, count] of holds) {
      counted.set(index, (counted.get(index) ?? 0) + count * times);
      const entry = classes[index];
      if (entry === undefined || count < 1) {
        faults.push(`${count} pods of class ${index}`);
        continue;
      }
      const { needs, rule, group } = entry;
      if (kind.open[rule] !== 1 && !kind.residents.has(index)) faults.push(`class ${index} may not be on ${kind.key}`);
      needs.forEach((need, row) => {
        load[row] = (load[row] as number) + need * count;
      });
      if (group >= 0) groups.set(group, (groups.get(group) ?? 0) + count);
    }
    load.forEach((amount, row) => {
      if (amount > (kind.capacity[row] as number)) faults.push(`${rows[row]} of ${kind.key}: ${amount}`);
    });
    for (const [group, count] of groups)
      if (count > (kind.sharing.get(group) ?? 1)) faults.push(`${count} of group ${group} on ${kind.key}`);
  }
  for (const [column, times] of used)
    if (times > (columns[column]?.supply ?? 0)) faults.push(`${times} of ${columns[column]?.key}`);
  classes.forEach(({ count }, index) => {
    if ((counted.get(index) ?? 0) !== count) faults.push(`${counted.get(index) ?? 0} of ${count} of class ${index}`);
  });
  return faults;
}
