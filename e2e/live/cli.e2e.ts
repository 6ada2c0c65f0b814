import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../rig/api-client.js';
import { hasAssets } from '../rig/assets.js';
import { type ControlPlane, startControlPlane } from '../rig/control-plane.js';
import { kubeconfig } from '../rig/credentials.js';
import { type Ran, run } from '../rig/kubectl.js';
import { fillCluster } from './every-kind.js';

const program = fileURLToPath(new URL('../../packages/cli/bin/cloudoptim.js', import.meta.url));

interface Analysis {
  readonly plan: { readonly groups: readonly unknown[]; readonly currentUsdPerHour: number };
  readonly verification: {
    readonly verdict: string;
    readonly unknowns: readonly { readonly reason: { readonly code: string }; readonly remedy: string }[];
  };
}

describe.runIf(hasAssets)('cloudoptim on a live context', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ scheduler: {}, controllers: 'usual', kwok: {} });
    await fillCluster(plane.client);
  });
  afterAll(() => plane?.stop());

  const cloudoptim = (args: readonly string[], config = plane.kubeconfig): Promise<Ran> =>
    run(process.execPath, [program, ...args], config, plane.folder);
  /** An hour later, when the nodes are no longer too young to go. */
  const analyze = (args: readonly string[], config?: string): Promise<Ran> =>
    cloudoptim(['analyze', '--now', new Date(Date.now() + 3_600_000).toISOString(), ...args], config);

  it('analyses it with full rights: every kind is listed', async () => {
    const { code, stdout, stderr } = await analyze(['--output', 'json']);
    const { plan, verification } = JSON.parse(stdout) as Analysis;
    // Three m5.large in us-east-1, at the list price of the catalogue.
    expect(plan.currentUsdPerHour).toBeCloseTo(3 * 0.096, 9);
    expect(plan.groups.length).toBeGreaterThan(0);
    expect(verification.unknowns, stderr).toEqual([]);
    expect([code, verification.verdict]).toEqual([0, 'verified']);
  });

  it('says in words what it found', async () => {
    const { code, stdout } = await analyze([]);
    expect(code).toBe(0);
    expect(stdout).toContain('3 nodes');
    expect(stdout).toContain('$0.2880/h');
  });

  it('writes a snapshot of which the same analysis comes', async () => {
    const file = join(plane.folder, 'snapshot.json.gz');
    const written = await cloudoptim(['snapshot', '--out', file]);
    expect([written.code, written.stderr]).toEqual([0, expect.stringContaining('Removed')]);
    const live = await analyze(['--output', 'json']);
    const later = await analyze(['--output', 'json', '--snapshot', file]);
    const [one, other] = [live, later].map(({ stdout }) => JSON.parse(stdout) as Analysis);
    expect(other?.plan.currentUsdPerHour).toBe(one?.plan.currentUsdPerHour);
    expect(other?.plan.groups.length).toBe(one?.plan.groups.length);
    expect(other?.verification.unknowns).toEqual([]);
  });

  it('with a restricted account says what it was not allowed to list, and the command for it', async () => {
    const config = await restrictedAccount(plane);
    const { code, stdout, stderr } = await analyze(['--output', 'json'], config);
    const { verification } = JSON.parse(stdout) as Analysis;
    expect([code, verification.verdict], stderr).toEqual([3, 'conditional']);
    const remedies = verification.unknowns.map(({ remedy }) => remedy).join('\n');
    // The idle node has only DaemonSet pods, and whether that is so cannot be told without the DaemonSets. Budgets do not matter.
    expect(remedies).toMatch(/kubectl get daemonsets.* --all-namespaces -o json/);
    const { stdout: words } = await analyze([], config);
    expect(words).toContain('forbidden');
  });
});

/** May list nodes, pods and namespaces and owners, and nothing else. Returns the path of its kubeconfig. */
async function restrictedAccount({ client, caFile, folder, url }: ControlPlane): Promise<string> {
  await client.create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    metadata: { name: 'few' },
    rules: [
      { apiGroups: [''], resources: ['nodes', 'pods', 'namespaces'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get', 'list'] },
    ],
  });
  await client.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'few' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'few' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'default' }],
  });
  const token = await tokenOf(client, 'shop', 'default');
  const file = join(folder, 'restricted.json');
  writeFileSync(file, kubeconfig({ url, caFile, token }), { mode: 0o600 });
  return file;
}

async function tokenOf(client: ApiClient, namespace: string, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const { status } = await client.create(path, { spec: { expirationSeconds: 3600 } });
  return (status as { readonly token: string }).token;
}
