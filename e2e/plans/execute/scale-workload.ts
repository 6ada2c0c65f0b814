import type { Action } from '@cloudoptim/core';
import { waitUntil } from '../../rig/wait-until.js';
import { ownerOf } from '../live/pod-facts.js';
import { ActionFailed, type Executor } from './execution.js';

const resources: Readonly<Record<string, string>> = { Deployment: 'deployments', StatefulSet: 'statefulsets' };

/**
 * Sets the replicas and waits until as many are Ready; on the way down until as many are left, since one of them may have waited
 * for a node all along.
 */
export async function scaleWorkload(
  { client, live, readyBefore }: Executor,
  { workload: { kind, namespace, name }, from, to }: Extract<Action, { kind: 'scale-workload' }>,
): Promise<void> {
  const resource = resources[kind];
  if (resource === undefined) throw new ActionFailed(`A ${kind} is not scaled by this test.`);
  const path = `/apis/apps/v1/namespaces/${namespace}/${resource}/${name}`;
  await client.patch(`${path}/scale`, { spec: { replicas: to } }, 'merge-patch');
  let ready = 0;
  await waitUntil(
    `${kind} ${namespace}/${name} to have ${to} ${to > from ? 'Ready ' : ''}replicas`,
    async () => {
      const { status, metadata } = (await client.get(path)) as {
        status?: { replicas?: number; readyReplicas?: number; observedGeneration?: number };
        metadata?: { generation?: number };
      };
      if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return false;
      ready = status?.readyReplicas ?? 0;
      return (status?.replicas ?? 0) === to && (to < from || ready === to);
    },
    { timeoutMs: 12_000, everyMs: 150 },
  );
  // From here on a drain waits for as many as there are now.
  for (const pod of live.pods.values()) {
    const owner = ownerOf(pod);
    if (pod.metadata.namespace === namespace && owner?.name.startsWith(name)) readyBefore.set(owner.uid, ready);
  }
}
