import type { Node } from '@cloudoptim/core';
import { unschedulableTaint } from './tolerations.js';

const known = new WeakMap<Node, Node>();

/**
 * The node as a cordon leaves it, with the taint that the node lifecycle controller adds at once: topology spread may look at it. The
 * same object each time, so that what is remembered of it serves what-ifs, which cordon the same nodes again and again.
 */
export function cordoned(node: Node): Node {
  let to = known.get(node);
  if (to === undefined) {
    const { taints = [] } = node;
    const tainted = taints.some(({ key, effect }) => key === unschedulableTaint.key && effect === 'NoSchedule');
    to = { ...node, unschedulable: true, taints: tainted ? taints : [...taints, unschedulableTaint] };
    known.set(node, to);
  }
  return to;
}
