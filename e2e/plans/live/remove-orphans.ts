import type { ApiClient } from '../../rig/api-client.js';
import type { LiveCluster, LivePod } from './live-cluster.js';

/**
 * Ends pods that are bound to a node that is gone, as the pod garbage collector does, but not a minute later: true when there were
 * any. The DaemonSet controller and the scheduler hear of a node's end a moment late, and what they bind there in that moment no
 * kubelet ever ends.
 */
export async function removeOrphans(client: ApiClient, live: LiveCluster): Promise<boolean> {
  const nodes = new Set([...live.nodes.values()].map(({ metadata }) => metadata.name));
  let found = false;
  for (const pod of [...live.pods.values()]) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || nodes.has(nodeName)) continue;
    // Pods and nodes are watched each by itself: the node may be new.
    if ((await client.send('GET', `/api/v1/nodes/${nodeName}`)).status !== 404) continue;
    await removeAtOnce(client, pod);
    found = true;
  }
  return found;
}

/** Ends a pod as its kubelet's end does: without a word to it, and no other of its name. */
export async function removeAtOnce(client: ApiClient, { metadata }: LivePod): Promise<void> {
  await client
    .remove(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, {
      gracePeriodSeconds: 0,
      preconditions: { uid: metadata.uid },
    })
    .catch(() => undefined);
}
