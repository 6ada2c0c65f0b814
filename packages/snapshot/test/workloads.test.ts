import type { ClusterState, Workload } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { convert, podIndex, stateOf, templateOf } from './support/convert.js';
import {
  container,
  deployment,
  deploymentPod,
  node,
  ownedBy,
  pod,
  replicaSet,
  someTime,
  someTimeMs,
} from './support/objects.js';

function workloadOf(state: ClusterState, podName: string): Workload | undefined {
  return state.workloads[state.pods.workload[podIndex(state, podName)] as number];
}

function only(state: ClusterState): Workload {
  if (state.workloads.length !== 1) throw new Error(`expected one workload, found ${JSON.stringify(state.workloads)}`);
  return state.workloads[0] as Workload;
}

function successorOf(state: ClusterState, workload = only(state)) {
  return state.podTemplates[workload.successorTemplate];
}

describe('who makes a pod', () => {
  it('is the Deployment above its ReplicaSet', async () => {
    const state = await stateOf(deploymentPod('a', 'web', 'abc'), replicaSet('web', 'abc'), deployment('web'));
    expect(state.workloads).toHaveLength(1);
    expect(workloadOf(state, 'a')).toMatchObject({
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      uid: 'uid-Deployment-web',
      apiVersion: 'apps/v1',
      createdAtMs: someTimeMs,
      generation: 1,
      observedGeneration: 1,
      replicas: 1,
      readyReplicas: 1,
      updatedReplicas: 1,
      scalable: true,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate' },
      rollout: 'stable',
    });
  });

  it('is found by name and hash when ReplicaSets were not listed', async () => {
    expect(workloadOf(await stateOf(deploymentPod('a', 'web', 'abc'), deployment('web')), 'a')?.kind).toBe(
      'Deployment',
    );
    expect(workloadOf(await stateOf(deploymentPod('a', 'web', 'abc')), 'a')).toMatchObject({
      kind: 'ReplicaSet',
      rollout: 'unknown',
    });
  });

  it('may be of a kind of its own, directly or above a ReplicaSet, with the scale that was asked for', async () => {
    const rollout = ownedBy('Rollout', 'canary', 'argoproj.io/v1alpha1');
    const state = await stateOf(
      deploymentPod('a', 'canary', 'abc'),
      replicaSet('canary', 'abc', { owner: rollout, replicas: 3 }),
      pod('kafka-0', { owner: ownedBy('StrimziPodSet', 'kafka', 'core.strimzi.io/v1beta2') }),
      {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'canary', namespace: 'shop', uid: rollout.uid },
        spec: { replicas: 4 },
      },
    );
    expect(workloadOf(state, 'a')).toMatchObject({
      kind: 'Rollout',
      apiVersion: 'argoproj.io/v1alpha1',
      name: 'canary',
      replicas: 4,
      // Budgets count the ReplicaSet, of which nothing need be known from above.
      replicaSetReplicas: 3,
      scalable: true,
      rollout: 'unknown',
    });
    expect(workloadOf(state, 'kafka-0')).toMatchObject({ kind: 'StrimziPodSet', rollout: 'unknown' });
    expect(workloadOf(state, 'kafka-0')).not.toHaveProperty('scalable');
    expect(workloadOf(state, 'kafka-0')).not.toHaveProperty('uid');
  });

  it('counts a ReplicaSet that was scaled to 0 while its pods are still there', async () => {
    const state = await stateOf(
      deploymentPod('a', 'canary', 'abc'),
      replicaSet('canary', 'abc', { owner: ownedBy('Rollout', 'canary', 'argoproj.io/v1alpha1'), replicas: 0 }),
    );
    expect(workloadOf(state, 'a')).toMatchObject({ kind: 'Rollout', replicaSetReplicas: 0 });
  });

  it('tells more of a custom owner whose own object came', async () => {
    const object = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'canary', namespace: 'shop', uid: 'u', generation: 3, labels: { team: 'x' } },
      spec: { replicas: 5 },
      status: { readyReplicas: 4 },
    };
    const { state, report } = await convert([
      deploymentPod('a', 'canary', 'abc'),
      replicaSet('canary', 'abc', { owner: ownedBy('Rollout', 'canary', 'argoproj.io/v1alpha1') }),
      object,
    ]);
    expect(workloadOf(state, 'a')).toMatchObject({
      uid: 'u',
      generation: 3,
      replicas: 5,
      readyReplicas: 4,
      labels: { team: 'x' },
      rollout: 'unknown',
    });
    expect(report.ignored).toEqual([{ kind: 'Rollout', count: 1 }]);
  });

  it('is nobody for a bare pod', async () => {
    expect(workloadOf(await stateOf(pod('a')), 'a')).toBeUndefined();
  });

  it('keeps workloads without pods, but not Jobs that are over', async () => {
    const job = (name: string, conditions: unknown[]) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace: 'shop', ownerReferences: [ownedBy('CronJob', 'nightly', 'batch/v1')] },
      spec: { suspend: true, template: { spec: { containers: [container('c', '1', '1Gi')], restartPolicy: 'Never' } } },
      status: { conditions },
    });
    const state = await stateOf(
      deployment('idle', { spec: { replicas: 0 } }),
      job('running', []),
      job('over', [{ type: 'Complete', status: 'True' }]),
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly', namespace: 'shop', uid: 'cron' },
        spec: {
          schedule: '0 3 * * *',
          timeZone: 'Europe/Paris',
          suspend: false,
          jobTemplate: { spec: { template: { spec: { containers: [container('c', '2', '1Gi')] } } } },
        },
      },
    );
    expect(state.workloads.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'CronJob/nightly',
      'Deployment/idle',
      'Job/running',
    ]);
    expect(state.workloads[0]).toMatchObject({
      schedule: '0 3 * * *',
      timeZone: 'Europe/Paris',
      suspended: false,
      scalable: false,
    });
    expect(successorOf(state, state.workloads[0])?.needs.cpuMillicores).toBe(2000);
    expect(state.workloads[1]?.replicas).toBe(0);
    expect(state.workloads[2]).toMatchObject({
      suspended: true,
      owner: { kind: 'CronJob', namespace: 'shop', name: 'nightly', uid: 'cron' },
    });
  });
});

describe('whether a rollout is under way', () => {
  const rolloutOf = async (changes: Parameters<typeof deployment>[1], ...more: unknown[]) =>
    only(await stateOf(deployment('web', changes), ...more)).rollout;

  it.each([
    ['stable', {}],
    ['in-progress', { metadata: { generation: 2 } }],
    ['in-progress', { spec: { replicas: 3 }, status: { replicas: 3, updatedReplicas: 2 } }],
    ['in-progress', { status: { replicas: 2, updatedReplicas: 1 } }],
    ['stable', { spec: { replicas: 0 }, status: { replicas: undefined, updatedReplicas: undefined } }],
    ['paused', { spec: { paused: true } }],
  ] as const)('of a Deployment is %s with %j', async (expected, changes) => {
    expect(await rolloutOf(changes)).toBe(expected);
  });

  it('is in progress while two ReplicaSets have replicas', async () => {
    expect(
      await rolloutOf({}, replicaSet('web', 'old', { revision: '0', replicas: 0 }), replicaSet('web', 'new')),
    ).toBe('stable');
    expect(await rolloutOf({}, replicaSet('web', 'old', { revision: '0' }), replicaSet('web', 'new'))).toBe(
      'in-progress',
    );
  });

  it('is unknown without a status', async () => {
    expect(only(await stateOf({ ...deployment('web'), status: undefined })).rollout).toBe('unknown');
  });

  const set = (status: Record<string, unknown>) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop', generation: 1 },
    spec: {
      replicas: 2,
      podManagementPolicy: 'Parallel',
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
      minReadySeconds: 10,
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [container('db', '1', '1Gi')] } },
    },
    status: { observedGeneration: 1, currentRevision: 'db-1', updateRevision: 'db-1', ...status },
  });

  it('of a StatefulSet follows its revisions', async () => {
    expect(only(await stateOf(set({})))).toMatchObject({
      rollout: 'stable',
      podManagement: 'Parallel',
      claimTemplates: ['data'],
      strategy: { type: 'RollingUpdate', maxUnavailable: '50%', minReadySeconds: 10 },
    });
    expect(only(await stateOf(set({ updateRevision: 'db-2' }))).rollout).toBe('in-progress');
  });

  it('of a DaemonSet follows its scheduled numbers', async () => {
    const daemon = (updated: number) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'shop', generation: 1 },
      spec: { template: { spec: { containers: [container('a', '1', '1Gi')] } } },
      status: { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: updated, numberReady: 3 },
    });
    expect(only(await stateOf(daemon(3)))).toMatchObject({ rollout: 'stable', scalable: false });
    expect(only(await stateOf(daemon(2))).rollout).toBe('in-progress');
  });
});

describe("the successor's template", () => {
  it('is that of the newest live pod of the current revision, with what webhooks added', async () => {
    const sidecar = container('proxy', '50m', '64Mi');
    const at = (creationTimestamp: string) => ({ creationTimestamp });
    const state = await stateOf(
      deployment('web', { annotations: { 'deployment.kubernetes.io/revision': '2' } }),
      replicaSet('web', 'old', { revision: '1' }),
      replicaSet('web', 'new', { revision: '2' }),
      deploymentPod('a', 'web', 'new', {
        metadata: at('2026-03-01T10:00:00Z'),
        spec: { containers: [container('app', '100m', '128Mi')] },
      }),
      deploymentPod('b', 'web', 'new', {
        metadata: at('2026-03-01T11:00:00Z'),
        spec: { containers: [container('app', '100m', '128Mi'), sidecar] },
      }),
      deploymentPod('c', 'web', 'old', { metadata: at('2026-03-01T12:00:00Z') }),
    );
    expect(successorOf(state)).toEqual(templateOf(state, 'b'));
  });

  it('is not that of a pod which was resized in place: the resize is lost on eviction', async () => {
    const state = await stateOf(
      node('n'),
      deployment('web'),
      replicaSet('web', 'abc'),
      deploymentPod('a', 'web', 'abc', {
        metadata: { generation: 2 },
        spec: { containers: [container('app', '2', '4Gi')] },
      }),
    );
    expect(templateOf(state, 'a').needs.cpuMillicores).toBe(2000);
    expect(successorOf(state)?.needs.cpuMillicores).toBe(100);
    expect(successorOf(state)?.labels).toEqual({ app: 'web', 'pod-template-hash': 'abc' });
  });

  it('starts with the scheduling gates that live pods have lost', async () => {
    const state = await stateOf(
      deployment('web', { podSpec: { schedulingGates: [{ name: 'example.com/wait' }] } }),
      replicaSet('web', 'abc'),
      deploymentPod('a', 'web', 'abc'),
    );
    expect(templateOf(state, 'a').schedulingGates).toBeUndefined();
    expect(successorOf(state)).toEqual({ ...templateOf(state, 'a'), schedulingGates: ['example.com/wait'] });
  });

  it('without a live pod is what the API server would make of the template', async () => {
    const state = await stateOf(
      deployment('web', {
        podSpec: {
          containers: [{ name: 'app', resources: { limits: { memory: '2Gi' } } }],
          priorityClassName: 'high',
          runtimeClassName: 'gvisor',
          nodeSelector: { a: '1' },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'z',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { app: 'web' } },
              matchLabelKeys: ['pod-template-hash'],
            },
          ],
        },
      }),
      replicaSet('web', 'abc'),
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'high' },
        value: 7,
        preemptionPolicy: 'Never',
      },
      {
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: 'gvisor' },
        handler: 'runsc',
        overhead: { podFixed: { cpu: '10m', memory: '20Mi' } },
        scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
      },
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'defaults', namespace: 'shop' },
        spec: {
          limits: [
            { type: 'Container', defaultRequest: { cpu: '300m', memory: '1Gi' }, default: { cpu: '1' } },
            { type: 'Pod', max: { cpu: '9' } },
          ],
        },
      },
    );
    expect(successorOf(state)).toEqual({
      namespace: 'shop',
      labels: { app: 'web', 'pod-template-hash': 'abc' },
      // Memory: the limit became the request before the LimitRange was asked; cpu: the LimitRange's default request.
      needs: { cpuMillicores: 310, memoryBytes: 2068 * 1024 ** 2 },
      containers: [
        {
          name: 'app',
          requests: { cpuMillicores: 300, memoryBytes: 2 * 1024 ** 3 },
          limits: { cpuMillicores: 1000, memoryBytes: 2 * 1024 ** 3 },
        },
      ],
      nodeSelector: { a: '1', sandbox: 'yes' },
      tolerations: [
        { key: 'sandbox', operator: 'Exists' },
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
      topologySpread: [
        {
          maxSkew: 1,
          topologyKey: 'z',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: {
            matchLabels: { app: 'web' },
            matchExpressions: [{ key: 'pod-template-hash', operator: 'In', values: ['abc'] }],
          },
          matchLabelKeys: ['pod-template-hash'],
        },
      ],
      priority: 7,
      priorityClass: 'high',
      preemptionPolicy: 'Never',
      runtimeClass: 'gvisor',
      qosClass: 'Burstable',
    });
  });

  it('of a DaemonSet tolerates what the controller makes it tolerate', async () => {
    const state = await stateOf({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'shop' },
      spec: {
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { hostNetwork: true, containers: [container('a', '1', '1Gi')] },
        },
      },
    });
    expect(successorOf(state)?.tolerations?.map(({ key }) => key?.split('/')[1])).toEqual([
      'not-ready',
      'unreachable',
      'disk-pressure',
      'memory-pressure',
      'pid-pressure',
      'unschedulable',
      'network-unavailable',
    ]);
  });

  it('of an owner that did not come is known only when its pods all look alike', async () => {
    const owner = ownedBy('StrimziPodSet', 'kafka', 'core.strimzi.io/v1beta2');
    const one = pod('kafka-0', { owner });
    const other = pod('kafka-1', { owner, spec: { containers: [container('app', '2', '1Gi')] } });
    const alike = await stateOf(one, pod('kafka-1', { owner }));
    expect(successorOf(alike)).toEqual(templateOf(alike, 'kafka-0'));
    expect(only(await stateOf(one, other)).successorTemplate).toBe(-1);
  });

  it('is unknown, and said so, when the template is malformed', async () => {
    const { state, report } = await convert([
      deployment('web', { podSpec: { containers: [container('app', 'many', '1Gi')] } }),
    ]);
    expect(only(state).successorTemplate).toBe(-1);
    expect(report.findings).toMatchObject([
      { code: 'malformed-object', kind: 'Deployment', namespace: 'shop', name: 'web' },
    ]);
  });
});

describe('who would revert a change', () => {
  it.each([
    ['argocd', { annotations: { 'argocd.argoproj.io/tracking-id': 'app:apps/Deployment:shop/web' } }],
    ['argocd', { labels: { 'argocd.argoproj.io/instance': 'app' } }],
    ['flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }],
    ['flux', { labels: { 'helm.toolkit.fluxcd.io/name': 'apps' } }],
    [undefined, { labels: { 'app.kubernetes.io/instance': 'app' } }],
  ])('is %s with %j', async (expected, changes) => {
    expect(only(await stateOf(deployment('web', changes as Parameters<typeof deployment>[1]))).gitOps).toBe(expected);
  });
});

describe('a ReplicationController', () => {
  it('selects by equal labels', async () => {
    const state = await stateOf({
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'old', namespace: 'shop', creationTimestamp: someTime },
      spec: { replicas: 2, selector: { app: 'old' }, template: { spec: { containers: [container('a', '1', '1Gi')] } } },
      status: { replicas: 2, readyReplicas: 2 },
    });
    expect(only(state)).toMatchObject({
      kind: 'ReplicationController',
      replicas: 2,
      scalable: true,
      selector: { matchLabels: { app: 'old' } },
      rollout: 'stable',
    });
  });
});
