import type { ClusterState, SchedulerFacts } from '@cloudoptim/core';
import { fromKubernetes, kubernetesKinds, listPath } from '@cloudoptim/snapshot';
import type { ApiClient, KubernetesObject } from '../../rig/api-client.js';
import { type ClusterSpec, nodeGroupsOf } from '../cluster/cluster-spec.js';

const scheduler: SchedulerFacts = {
  assumed: false,
  profiles: [{ schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated', defaultConstraints: 'System' }],
};

/** The cluster as a host would read it: every kind that the API server serves, and what AWS says of its node groups. */
export async function readState(client: ApiClient, spec: ClusterSpec): Promise<ClusterState> {
  const objects: KubernetesObject[] = [];
  const listed: string[] = [];
  const serverVersion = await client.get('/version');
  for (const kind of kubernetesKinds) {
    const path = listPath(kind);
    if ((await client.send('GET', `${path}?limit=1`)).status === 404) continue;
    objects.push(...(await client.list(path)));
    listed.push(kind.kind);
  }
  const { state, report } = await fromKubernetes(objects, {
    takenAtMs: Date.now(),
    listed,
    scheduler,
    serverVersion: { gitVersion: String(serverVersion.gitVersion) },
  });
  if (report.findings.length > 0) throw new Error(`The live state has findings: ${JSON.stringify(report.findings)}`);
  return { ...state, nodeGroups: nodeGroupsOf(spec, state.nodes) };
}
