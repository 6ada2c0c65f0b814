import type { ApiClient, KubernetesObject } from './api-client.js';
import { giveServiceAccount } from './control-plane.js';
import { waitUntil } from './wait-until.js';

/** Small Kubernetes objects for tests; `more` is merged over the parts that tests vary most. */

/** A Ready node of 4 cores and 16 GiB unless `allocatable` says otherwise. */
export function node(
  name: string,
  {
    labels = {},
    annotations,
    allocatable = {},
    spec = {},
  }: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly spec?: Readonly<Record<string, unknown>>;
  } = {},
): KubernetesObject {
  const offered = { cpu: '4', memory: '16Gi', 'ephemeral-storage': '100Gi', pods: '110', ...allocatable };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels }, ...(annotations && { annotations }) },
    spec,
    status: {
      allocatable: offered,
      capacity: offered,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: null }],
    },
  };
}

/** A pod of 100 millicores and 128 MiB. */
export function pod(
  name: string,
  {
    labels,
    spec = {},
    requests = { cpu: '100m', memory: '128Mi' },
  }: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly spec?: Readonly<Record<string, unknown>>;
    readonly requests?: Readonly<Record<string, string>>;
  } = {},
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...(labels && { labels }) },
    spec: { containers: [{ name: 'app', image: 'app', resources: { requests } }], ...spec },
  };
}

/** Makes a namespace that takes pods, with or without the controllers that would give it its service account. */
export async function namespace(
  client: ApiClient,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  await client.create('/api/v1/namespaces', { metadata: { name, labels } });
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  try {
    await waitUntil('the service account', async () => (await client.send('GET', account)).status === 200, {
      timeoutMs: 300,
    });
  } catch {
    await giveServiceAccount(client, name).catch(() => undefined);
  }
}
