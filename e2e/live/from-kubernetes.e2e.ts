import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterState, Node } from '@cloudoptim/core';
import { type ConvertedState, fromKubernetes, kubernetesKinds, listPath, readDump } from '@cloudoptim/snapshot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasAssets } from '../rig/assets.js';
import { type ControlPlane, startControlPlane } from '../rig/control-plane.js';
import { kubectl } from '../rig/kubectl.js';
import { fillCluster } from './every-kind.js';

/** One instant for all routes, so that nothing differs but the way that the objects took. */
const takenAtMs = Date.now();
const everyKind = kubernetesKinds.map(({ kind }) => kind);
const resources = kubernetesKinds.map(({ resource, group }) => (group === '' ? resource : `${resource}.${group}`));

describe.runIf(hasAssets)('what a real API server returns', () => {
  let plane: ControlPlane;
  let listed: ConvertedState;

  beforeAll(async () => {
    plane = await startControlPlane({ scheduler: {}, controllers: 'usual', kwok: {} });
    await fillCluster(plane.client);
    const serverVersion = { gitVersion: plane.version };
    const objects = [];
    for (const kind of kubernetesKinds) objects.push(...(await plane.client.list(listPath(kind))));
    listed = await fromKubernetes(objects, { takenAtMs, listed: everyKind, serverVersion });
  });
  afterAll(() => plane?.stop());

  const dumped = async (name: string, text: string) => {
    const file = join(plane.folder, name);
    writeFileSync(file, text);
    const serverVersion = { gitVersion: plane.version };
    return fromKubernetes(readDump(file), { takenAtMs, listed: everyKind, serverVersion });
  };

  it('becomes a state, with at least one object of every kind and not one complaint', () => {
    const { report } = listed;
    expect(report.findings).toEqual([]);
    expect(report.ignored).toEqual([]);
    expect(report.read.map(({ kind }) => kind).sort()).toEqual([...everyKind].sort());
  });

  it('says what the objects said', () => {
    const { state } = listed;
    expect(
      state.nodes.map(({ name, ready, owner, instanceType, zone }) => [
        name,
        ready,
        owner.kind,
        owner.name,
        instanceType,
        zone,
      ]),
    ).toEqual([
      ['node-idle', true, 'karpenter', 'general', 'm5.large', 'us-east-1b'],
      ['node-us-east-1a', true, 'karpenter', 'general', 'm5.large', 'us-east-1a'],
      ['node-us-east-1b', true, 'karpenter', 'general', 'm5.large', 'us-east-1b'],
    ]);
    const podsOf = (name: string) => state.pods.workload.filter((at) => state.workloads[at]?.name === name).length;
    expect(['web', 'database', 'agent', 'old'].map(podsOf)).toEqual([3, 1, 3, 1]);
    expect(state.workloads.filter(({ kind }) => kind === 'ReplicaSet')).toEqual([]);
    expect(state.podDisruptionBudgets).toMatchObject([
      {
        name: 'web',
        maxUnavailable: '34%',
        status: { currentHealthy: 3, desiredHealthy: 1, disruptionsAllowed: 2, expectedPods: 3 },
      },
    ]);
    const templateOf = (name: string) =>
      state.podTemplates[state.pods.template[state.pods.name.findIndex((pod) => pod.startsWith(`${name}-`))] ?? -1];
    expect(templateOf('web')).toMatchObject({
      needs: { cpuMillicores: 100, memoryBytes: 128 * 2 ** 20, ephemeralStorageBytes: 2 ** 30 },
      topologySpread: [{ maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
    });
    expect(templateOf('database')).toMatchObject({ priority: 1000, volumes: [{ kind: 'claim', claim: 'data' }] });
    expect(state.persistentVolumeClaims).toMatchObject([{ name: 'data', volume: 'pv-1', phase: 'Bound' }]);
    expect(state.nodePools).toMatchObject([{ name: 'general', budgets: [{ nodes: '50%' }] }]);
    expect(plane.version).toMatch(new RegExp(`^v${state.kubernetesVersion}\\.`));
  });

  it('is the same by kubectl get -o json and -o yaml', async () => {
    for (const format of ['json', 'yaml']) {
      const text = await kubectl(['get', resources.join(','), '-A', '-o', format], plane.kubeconfig);
      const { state, report } = await dumped(`get.${format}`, text);
      expect(report.findings).toEqual([]);
      expect(state).toEqual(listed.state);
    }
  });

  it('is the same by kubectl cluster-info dump, as far as that lists', async () => {
    const args = ['cluster-info', 'dump', '--all-namespaces'];
    const text = await kubectl([...args, '-o', 'json'], plane.kubeconfig);
    const folder = join(plane.folder, 'dump');
    await kubectl([...args, '-o', 'json', '--output-directory', folder], plane.kubeconfig);
    const printed = await fromKubernetes(readDump(await written('dump.json', text)), { takenAtMs });
    const files = await fromKubernetes(readDump(folder), { takenAtMs });
    // The folder has a file for each namespace, so it also tells where there is nothing.
    expect({ ...files.state, coverage: [] }).toEqual({ ...printed.state, coverage: [] });
    for (const { state, report } of [printed, files]) {
      expect(report.findings).toEqual([]);
      expect(state.nodes).toEqual(listed.state.nodes.map(withoutOtherKinds));
      expect([...state.pods.name].sort()).toEqual([...listed.state.pods.name].sort());
      expect(namesOf(state, 'Deployment')).toEqual(namesOf(listed.state, 'Deployment'));
      expect(namesOf(state, 'DaemonSet')).toEqual(namesOf(listed.state, 'DaemonSet'));
      // What the dump does not list is unknown, and not empty.
      const unknown = ['PodDisruptionBudget', 'PersistentVolumeClaim', 'StatefulSet', 'NodePool'];
      expect(unknown.map((kind) => coverageOf(state, kind))).toEqual(unknown.map(() => 'absent'));
      expect(coverageOf(state, 'Pod', 'shop')).toBe('listed');
    }
  });

  async function written(name: string, text: string): Promise<string> {
    const file = join(plane.folder, name);
    writeFileSync(file, text);
    return file;
  }
});

/** A node as Node objects alone tell it: drivers stand in CSINodes, and which claim it is of in NodeClaims. */
function withoutOtherKinds({ csiDrivers: _, owner: { nodeClaim: __, ...owner }, ...node }: Node): Node {
  return { ...node, owner };
}

function namesOf({ workloads }: ClusterState, kind: string): string[] {
  return workloads.filter((workload) => workload.kind === kind).map(({ name }) => name);
}

function coverageOf({ coverage }: ClusterState, kind: string, namespace?: string): string {
  return coverage.find((entry) => entry.kind === kind && entry.namespace === namespace)?.state ?? 'absent';
}
