import type { Action } from '@cloudoptim/core';
import { drainNode, evictPod } from './drain-node.js';
import { ActionFailed, type EvictionRecord, type Executor } from './execution.js';
import { launchNode } from './launch-node.js';
import { askWhoCame, cordon, nameOf, patchNode, removeNode, taintNode, uncordon } from './node-actions.js';
import { scaleWorkload } from './scale-workload.js';

/** Does what one action says, to its end. Returns the evictions it asked for. Throws when it cannot be done. */
export async function executeAction(executor: Executor, action: Action): Promise<readonly EvictionRecord[]> {
  if (action.expect.some(({ fact }) => fact === 'node-holds-at-most') && 'node' in action)
    askWhoCame(executor, nameOf(executor, action.node));
  switch (action.kind) {
    case 'launch-node':
      await launchNode(executor, action);
      return [];
    case 'cordon-node':
      await cordon(executor, action.node);
      return [];
    case 'uncordon-node':
      await uncordon(executor, action.node);
      return [];
    case 'label-node':
      await patchNode(executor, action.node, { metadata: { labels: action.labels } });
      return [];
    case 'annotate-node':
      await patchNode(executor, action.node, { metadata: { annotations: action.annotations } });
      return [];
    case 'taint-node':
      await taintNode(executor, action.node, action.taint, action.remove === true);
      return [];
    case 'drain-node':
      return drainNode(executor, nameOf(executor, action.node), action.deadlineSeconds);
    case 'evict-pod':
      return evictPod(executor, nameOf(executor, action.node), action, action.deadlineSeconds);
    case 'terminate-node':
      await removeNode(executor, nameOf(executor, action.node));
      return [];
    case 'delete-nodeclaim': {
      await removeNode(executor, nameOf(executor, action.node), `/apis/karpenter.sh/v1/nodeclaims/${action.nodeClaim}`);
      return [];
    }
    case 'scale-workload':
      await scaleWorkload(executor, action);
      return [];
    default:
      throw new ActionFailed(`The executor of the test does not know ${action.kind}.`);
  }
}
