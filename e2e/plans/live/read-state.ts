import { setTimeout } from 'node:timers/promises';
import type { ClusterState, SchedulerFacts } from '@cloudoptim/core';
import { fromKubernetes, kubernetesKinds, listPath } from '@cloudoptim/snapshot';
import type { ApiClient, KubernetesObject } from '../../rig/api-client.js';
import { type ClusterSpec, nodeGroupsOf } from '../cluster/cluster-spec.js';

const scheduler: SchedulerFacts = {
  assumed: false,
  profiles: [{ schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated', defaultConstraints: 'System' }],
};

const attempts = 10;

/**
 * The cluster as a host would read it: every kind that the API server serves, and what AWS says of its node groups. Kinds are listed
 * one after the other, so a node that goes meanwhile leaves its DaemonSet's pod behind: then all is read again.
 */
export async function readState(client: ApiClient, spec: ClusterSpec): Promise<ClusterState> {
  for (let attempt = 1; ; attempt++) {
    const { state, report } = await readOnce(client);
    const isTorn = report.findings.every(({ code }) => code === 'pod-on-unknown-node');
    if (report.findings.length === 0) return { ...state, nodeGroups: nodeGroupsOf(spec, state.nodes) };
    if (!isTorn || attempt === attempts)
      throw new Error(`The live state has findings: ${JSON.stringify(report.findings)}`);
    await setTimeout(500);
  }
}

async function readOnce(client: ApiClient): ReturnType<typeof fromKubernetes> {
  const objects: KubernetesObject[] = [];
  const listed: string[] = [];
  const serverVersion = await client.get('/version');
  for (const kind of kubernetesKinds) {
    const path = listPath(kind);
    if ((await client.send('GET', `${path}?limit=1`)).status === 404) continue;
    objects.push(...(await client.list(path)));
    listed.push(kind.kind);
  }
  return fromKubernetes(objects, {
    takenAtMs: Date.now(),
    listed,
    scheduler,
    serverVersion: { gitVersion: String(serverVersion.gitVersion) },
  });
}
