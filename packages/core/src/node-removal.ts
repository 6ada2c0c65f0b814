import type { DrainedPods, Intent } from './intent.js';
import type { Node } from './node.js';
import type { Draft } from './plan.js';

/**
 * The drafts that take an existing node away: cordon it, drain the pods that have to move (none leaves the drain out), and
 * remove it through its owner. A node of Karpenter or Auto Mode goes by its NodeClaim: to terminate the instance alone would
 * make them launch another.
 */
export function nodeRemoval(
  { uid, owner }: Pick<Node, 'uid' | 'owner'>,
  reasons: Draft['reasons'],
  pods: readonly DrainedPods[] = [],
): Draft[] {
  const node = { uid };
  const intents: Intent[] = [
    { kind: 'cordon-node', node },
    ...(pods.length > 0 ? [{ kind: 'drain-node' as const, node, pods }] : []),
    owner.nodeClaim === undefined
      ? { kind: 'terminate-node', node, via: owner }
      : { kind: 'delete-nodeclaim', node, nodeClaim: owner.nodeClaim, via: owner },
  ];
  return intents.map((intent) => ({ ...intent, reasons }));
}
