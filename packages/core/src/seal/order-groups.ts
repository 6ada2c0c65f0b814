import type { Issue } from '../errors/issue.js';
import type { CheckedGroup, Launches } from './check-drafts.js';
import { nodeRefsOf, touchedObjects } from './touched-objects.js';

export interface GroupOrder {
  /** For each group the positions of those that must complete before it, ascending. */
  readonly dependsOn: readonly (readonly number[])[];
  /** All positions, each after what it depends on, earlier ones first. */
  readonly sequence: readonly number[];
}

/**
 * Which groups wait for which: those that the author names in `after`, else every earlier one that touches the same
 * objects; and always those whose launches a group uses. Adds to `issues` when the order runs in a circle.
 */
export function orderGroups(groups: readonly CheckedGroup[], launches: Launches, issues: Issue[]): GroupOrder {
  const conflicts = earlierConflicts(groups);
  const dependsOn = groups.map(({ actions, after }, position) => {
    const before = new Set<number>(after === undefined ? conflicts[position] : namedBefore(after, position));
    for (const draft of actions) {
      for (const { node } of nodeRefsOf(draft)) {
        const launch = 'launch' in node ? launches.get(node.launch) : undefined;
        if (launch !== undefined && launch.group !== position) before.add(launch.group);
      }
    }
    return [...before].sort((a, b) => a - b);
  });
  const sequence = topologicalSequence(dependsOn);
  if (sequence.length < groups.length) {
    const stuck = groups.map((_, position) => position).filter((position) => !sequence.includes(position));
    const names = stuck.map((position) => `groups[${position}]`).join(', ');
    const path = `groups[${stuck[0]}].after`;
    issues.push({ path, message: `${names} wait for each other; let one of them start.` });
  }
  return { dependsOn, sequence };

  function namedBefore(after: readonly number[], position: number): number[] {
    return after.filter((other, at) => {
      if (Number.isInteger(other) && other >= 0 && other < groups.length && other !== position) return true;
      const message = `${other} is not the position of another group; there are ${groups.length}.`;
      issues.push({ path: `groups[${position}].after[${at}]`, message });
      return false;
    });
  }
}

/**
 * For each group the earlier ones it conflicts with. Of those before the last writer none is named: the writer waits for
 * them, and 500 groups on one node would otherwise carry 125,000 edges.
 */
function earlierConflicts(groups: readonly CheckedGroup[]): number[][] {
  const uses = new Map<string, { writer?: number; readers: number[] }>();
  return groups.map(({ actions }, position) => {
    const touched = actions.map(touchedObjects);
    const writes = new Set(touched.flatMap((each) => each.writes));
    const reads = new Set(touched.flatMap((each) => each.reads));
    const before = new Set<number>();
    for (const key of new Set([...writes, ...reads])) {
      const use = uses.get(key) ?? { readers: [] };
      if (use.writer !== undefined) before.add(use.writer);
      if (writes.has(key)) {
        for (const reader of use.readers) before.add(reader);
        uses.set(key, { writer: position, readers: [] });
      } else {
        use.readers.push(position);
        uses.set(key, use);
      }
    }
    return [...before];
  });
}

/** Kahn's algorithm, lowest position first; shorter than the input when there is a circle. */
function topologicalSequence(dependsOn: readonly (readonly number[])[]): number[] {
  const waiting = dependsOn.map((before) => before.length);
  const followers: number[][] = dependsOn.map(() => []);
  for (const [position, before] of dependsOn.entries()) for (const other of before) followers[other]?.push(position);
  const isPlaced = dependsOn.map(() => false);
  const sequence: number[] = [];
  for (let at = 0; at < dependsOn.length; ) {
    if (waiting[at] !== 0 || isPlaced[at] === true) {
      at++;
      continue;
    }
    isPlaced[at] = true;
    sequence.push(at);
    let lowest = at + 1;
    for (const follower of followers[at] ?? []) {
      waiting[follower] = (waiting[follower] as number) - 1;
      if (waiting[follower] === 0) lowest = Math.min(lowest, follower);
    }
    at = lowest;
  }
  return sequence;
}
