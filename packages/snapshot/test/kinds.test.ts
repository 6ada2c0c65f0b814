import { describe, expect, it } from 'vitest';
import { findKind, kubernetesKinds, listPath } from '../src/index.js';
import { convert, stateOf } from './support/convert.js';
import { node, pod, someTime, someTimeMs } from './support/objects.js';

const gib = 1024 ** 3;
const named = (apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...rest,
});
const inShop = (apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}) =>
  named(apiVersion, kind, name, rest, { namespace: 'shop', ...metadata });

describe('kinds beside nodes, pods and workloads', () => {
  it('Namespace, with the uid of kube-system as the identity of the cluster', async () => {
    const state = await stateOf(
      named('v1', 'Namespace', 'kube-system', {}, { uid: 'cluster-1' }),
      named(
        'v1',
        'Namespace',
        'dev',
        {},
        { labels: { team: 'a' }, annotations: { 'downscaler/uptime': 'Mon-Fri 08:00-20:00 Europe/Paris', x: 'y' } },
      ),
    );
    expect(state.clusterId).toBe('cluster-1');
    expect(state.namespaces).toEqual([
      { name: 'dev', labels: { team: 'a' }, annotations: { 'downscaler/uptime': 'Mon-Fri 08:00-20:00 Europe/Paris' } },
      { name: 'kube-system' },
    ]);
  });

  it('PodDisruptionBudget, whose empty selector means the opposite in policy/v1beta1', async () => {
    const status = {
      observedGeneration: 2,
      disruptionsAllowed: 0,
      currentHealthy: 1,
      desiredHealthy: 1,
      expectedPods: 1,
      disruptedPods: { a: someTime },
    };
    const state = await stateOf(
      inShop(
        'policy/v1',
        'PodDisruptionBudget',
        'a',
        {
          spec: {
            minAvailable: '50%',
            selector: { matchLabels: { app: 'a' } },
            unhealthyPodEvictionPolicy: 'AlwaysAllow',
          },
          status,
        },
        { uid: 'u', generation: 2 },
      ),
      inShop('policy/v1', 'PodDisruptionBudget', 'b', { spec: { maxUnavailable: 0, selector: {} } }),
      inShop('policy/v1beta1', 'PodDisruptionBudget', 'c', { spec: { maxUnavailable: 1, selector: {} } }),
    );
    expect(state.podDisruptionBudgets).toEqual([
      {
        namespace: 'shop',
        name: 'a',
        uid: 'u',
        selector: { matchLabels: { app: 'a' } },
        minAvailable: '50%',
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        generation: 2,
        status: { ...status, disruptedPods: { a: someTimeMs } },
      },
      { namespace: 'shop', name: 'b', selector: {}, maxUnavailable: 0 },
      { namespace: 'shop', name: 'c', maxUnavailable: 1 },
    ]);
  });

  it('PersistentVolumeClaim and PersistentVolume', async () => {
    const zone = {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', operator: 'In', values: ['us-east-1a'] }] },
      ],
    };
    const state = await stateOf(
      inShop(
        'v1',
        'PersistentVolumeClaim',
        'data',
        {
          spec: {
            volumeName: 'pv-1',
            storageClassName: '',
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '10Gi' } },
            volumeMode: 'Block',
            selector: { matchLabels: { a: 'b' } },
          },
          status: { phase: 'Bound' },
        },
        { annotations: { 'volume.kubernetes.io/selected-node': 'n' } },
      ),
      named(
        'v1',
        'PersistentVolume',
        'pv-1',
        {
          spec: {
            capacity: { storage: '10Gi' },
            storageClassName: 'gp3',
            accessModes: ['ReadWriteOnce'],
            nodeAffinity: { required: zone },
            claimRef: { namespace: 'shop', name: 'data', uid: 'c' },
            csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1', volumeAttributes: { secret: 'x' } },
          },
          status: { phase: 'Bound' },
        },
        { labels: { 'topology.kubernetes.io/zone': 'us-east-1a', other: 'x' } },
      ),
      named(
        'v1',
        'PersistentVolume',
        'pv-2',
        { spec: { local: { path: '/x' }, capacity: { storage: '1' } }, status: { phase: 'Available' } },
        { labels: { tier: 'fast' } },
      ),
      named('v1', 'PersistentVolume', 'pv-3', { spec: { awsElasticBlockStore: { volumeID: 'vol-3' } } }),
    );
    expect(state.persistentVolumeClaims).toEqual([
      {
        namespace: 'shop',
        name: 'data',
        phase: 'Bound',
        volume: 'pv-1',
        storageClass: '',
        accessModes: ['ReadWriteOnce'],
        requestBytes: 10 * gib,
        selector: { matchLabels: { a: 'b' } },
        selectedNode: 'n',
        volumeMode: 'Block',
      },
    ]);
    expect(state.persistentVolumes).toEqual([
      {
        name: 'pv-1',
        phase: 'Bound',
        storageClass: 'gp3',
        accessModes: ['ReadWriteOnce'],
        capacityBytes: 10 * gib,
        nodeAffinity: zone,
        labels: { 'topology.kubernetes.io/zone': 'us-east-1a' },
        claim: { namespace: 'shop', name: 'data', uid: 'c' },
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
      },
      { name: 'pv-2', phase: 'Available', capacityBytes: 1, labels: { tier: 'fast' }, local: true },
      { name: 'pv-3', awsEbsVolumeId: 'vol-3' },
    ]);
  });

  it('StorageClass, CSIDriver, CSIStorageCapacity, VolumeAttachment', async () => {
    const state = await stateOf(
      named(
        'storage.k8s.io/v1',
        'StorageClass',
        'gp3',
        {
          provisioner: 'ebs.csi.aws.com',
          volumeBindingMode: 'WaitForFirstConsumer',
          allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }],
        },
        { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      ),
      named('storage.k8s.io/v1', 'StorageClass', 'old', { provisioner: 'x' }),
      named('storage.k8s.io/v1', 'CSIDriver', 'ebs.csi.aws.com', {
        spec: { attachRequired: true, storageCapacity: false },
      }),
      inShop('storage.k8s.io/v1', 'CSIStorageCapacity', 'c', {
        storageClassName: 'gp3',
        nodeTopology: { matchLabels: { zone: 'a' } },
        capacity: '1Ti',
        maximumVolumeSize: '16Ti',
      }),
      named('storage.k8s.io/v1', 'VolumeAttachment', 'va', {
        spec: { attacher: 'ebs.csi.aws.com', nodeName: 'n', source: { persistentVolumeName: 'pv-1' } },
        status: { attached: true },
      }),
    );
    expect(state.storageClasses).toEqual([
      {
        name: 'gp3',
        provisioner: 'ebs.csi.aws.com',
        bindingMode: 'WaitForFirstConsumer',
        isDefault: true,
        allowedTopologies: [{ expressions: [{ key: 'zone', values: ['a', 'b'] }] }],
      },
      { name: 'old', provisioner: 'x', bindingMode: 'Immediate' },
    ]);
    expect(state.csiDrivers).toEqual([{ name: 'ebs.csi.aws.com', storageCapacity: false, attachRequired: true }]);
    expect(state.csiStorageCapacities).toEqual([
      {
        namespace: 'shop',
        name: 'c',
        storageClass: 'gp3',
        nodeTopology: { matchLabels: { zone: 'a' } },
        capacityBytes: 1024 * gib,
        maximumVolumeBytes: 16 * 1024 * gib,
      },
    ]);
    expect(state.volumeAttachments).toEqual([
      { name: 'va', attacher: 'ebs.csi.aws.com', node: 'n', attached: true, volume: 'pv-1' },
    ]);
  });

  it('HorizontalPodAutoscaler of both versions', async () => {
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const state = await stateOf(
      inShop('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', {
        spec: {
          scaleTargetRef: target,
          minReplicas: 2,
          maxReplicas: 9,
          metrics: [
            { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 60 } } },
            {
              type: 'ContainerResource',
              containerResource: { name: 'cpu', container: 'x', target: { type: 'AverageValue' } },
            },
            { type: 'External', external: {} },
          ],
        },
        status: { currentReplicas: 3, desiredReplicas: 4 },
      }),
      inShop('autoscaling/v1', 'HorizontalPodAutoscaler', 'b', { spec: { scaleTargetRef: target, maxReplicas: 3 } }),
    );
    expect(state.horizontalPodAutoscalers).toEqual([
      {
        namespace: 'shop',
        name: 'a',
        target: { kind: 'Deployment', namespace: 'shop', name: 'web' },
        minReplicas: 2,
        maxReplicas: 9,
        currentReplicas: 3,
        desiredReplicas: 4,
        utilisationOf: ['memory'],
      },
      {
        namespace: 'shop',
        name: 'b',
        target: { kind: 'Deployment', namespace: 'shop', name: 'web' },
        minReplicas: 1,
        maxReplicas: 3,
        utilisationOf: ['cpu'],
      },
    ]);
  });

  it('PriorityClass, RuntimeClass, LimitRange, ResourceQuota', async () => {
    const state = await stateOf(
      named('scheduling.k8s.io/v1', 'PriorityClass', 'p', {
        value: -5,
        globalDefault: true,
        preemptionPolicy: 'Never',
      }),
      named('node.k8s.io/v1', 'RuntimeClass', 'r', {
        handler: 'h',
        overhead: { podFixed: { cpu: '1' } },
        scheduling: { nodeSelector: { a: 'b' } },
      }),
      inShop('v1', 'LimitRange', 'l', {
        spec: {
          limits: [
            { type: 'Container', max: { cpu: '2' } },
            { type: 'PersistentVolumeClaim', min: { storage: '1Gi' } },
          ],
        },
      }),
      inShop('v1', 'ResourceQuota', 'q', {
        spec: {
          hard: { 'requests.cpu': '10', 'limits.memory': '1Gi', pods: '5' },
          scopes: ['NotTerminating'],
          scopeSelector: {},
        },
        status: { used: { pods: '2' } },
      }),
    );
    expect(state.priorityClasses).toEqual([{ name: 'p', value: -5, globalDefault: true, preemptionPolicy: 'Never' }]);
    expect(state.runtimeClasses).toEqual([
      { name: 'r', overhead: { cpuMillicores: 1000, memoryBytes: 0 }, nodeSelector: { a: 'b' } },
    ]);
    expect(state.limitRanges[0]?.items[0]).toEqual({ type: 'Container', max: { cpuMillicores: 2000, memoryBytes: 0 } });
    expect(state.resourceQuotas).toEqual([
      {
        namespace: 'shop',
        name: 'q',
        hard: { 'limits.memory': gib, pods: 5, 'requests.cpu': 10_000 },
        used: { pods: 2 },
        scopes: ['NotTerminating'],
        scoped: true,
      },
    ]);
  });

  it('ResourceClaim, ResourceSlice, DeviceClass', async () => {
    const state = await stateOf(
      inShop('resource.k8s.io/v1', 'ResourceClaim', 'a'),
      inShop('resource.k8s.io/v1', 'ResourceClaim', 'b'),
      named('resource.k8s.io/v1', 'ResourceSlice', 's'),
      named('resource.k8s.io/v1', 'DeviceClass', 'gpu', { spec: { extendedResourceName: 'example.com/gpu' } }),
    );
    expect(state.dynamicResources).toEqual({ claims: 2, slices: 1 });
    expect(state.deviceClasses).toEqual([{ name: 'gpu', extendedResourceName: 'example.com/gpu' }]);
  });

  it('Service, EndpointSlice and webhooks: backends of those services alone that answer webhooks', async () => {
    const rules = (resources: string[], operations = ['CREATE']) => [
      { apiGroups: [''], apiVersions: ['v1'], operations, resources },
    ];
    const slice = (name: string, serviceName: string, pods: string[], ready?: boolean) =>
      inShop(
        'discovery.k8s.io/v1',
        'EndpointSlice',
        name,
        {
          endpoints: pods.map((pod) => ({
            targetRef: { kind: 'Pod', namespace: 'shop', name: pod },
            conditions: ready === undefined ? {} : { ready },
          })),
        },
        { labels: { 'kubernetes.io/service-name': serviceName } },
      );
    const service = { namespace: 'shop', name: 'hook' };
    const state = await stateOf(
      inShop('v1', 'Service', 'hook', { spec: { selector: { app: 'hook' } } }),
      inShop('v1', 'Service', 'external', { spec: { type: 'ExternalName' } }),
      slice('hook-1', 'hook', ['b', 'a']),
      slice('hook-2', 'hook', ['c'], false),
      slice('other-1', 'other', ['z']),
      named('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'v', {
        webhooks: [
          {
            name: 'pods.example.com',
            rules: rules(['pods']),
            clientConfig: { service, caBundle: 'x' },
            namespaceSelector: {},
            objectSelector: { matchLabels: { a: 'b' } },
          },
          {
            name: 'later.example.com',
            rules: rules(['pods'], ['UPDATE']),
            clientConfig: { url: 'https://x' },
            failurePolicy: 'Ignore',
          },
        ],
      }),
      named('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'm', {
        webhooks: [
          {
            name: 'all.example.com',
            rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
          },
        ],
      }),
    );
    expect(state.services).toEqual([
      { namespace: 'shop', name: 'external' },
      { namespace: 'shop', name: 'hook', selector: { app: 'hook' } },
    ]);
    expect(state.serviceBackends).toEqual([
      {
        namespace: 'shop',
        service: 'hook',
        pods: [
          { namespace: 'shop', name: 'a', ready: true },
          { namespace: 'shop', name: 'b', ready: true },
          { namespace: 'shop', name: 'c', ready: false },
        ],
      },
    ]);
    expect(state.admissionWebhooks).toEqual([
      {
        name: 'pods.example.com',
        kind: 'validating',
        failurePolicy: 'Fail',
        matchesPods: true,
        service,
        namespaceSelector: {},
        objectSelector: { matchLabels: { a: 'b' } },
      },
      { name: 'later.example.com', kind: 'validating', failurePolicy: 'Ignore', matchesPods: false },
      { name: 'all.example.com', kind: 'mutating', failurePolicy: 'Fail', matchesPods: true },
    ]);
  });

  it('NodePool, NodeClaim, NodeOverlay, EC2NodeClass and the NodeClass of EKS Auto Mode', async () => {
    const requirement = { key: 'karpenter.k8s.aws/instance-family', operator: 'In', values: ['m7g'] };
    const state = await stateOf(
      named('karpenter.sh/v1', 'NodePool', 'general', {
        spec: {
          weight: 10,
          limits: { cpu: '100', memory: '1Ti' },
          disruption: {
            consolidationPolicy: 'WhenEmptyOrUnderutilized',
            consolidateAfter: '1m30s',
            budgets: [{ nodes: '20%' }, { nodes: '0', schedule: '0 9 * * 1-5', duration: '8h', reasons: ['Drifted'] }],
          },
          template: {
            metadata: { labels: { team: 'a' } },
            spec: {
              taints: [{ key: 't', effect: 'NoSchedule' }],
              startupTaints: [{ key: 's', effect: 'NoExecute' }],
              requirements: [{ ...requirement, minValues: 2 }],
              nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' },
              expireAfter: 'Never',
              terminationGracePeriod: '2h',
            },
          },
        },
        status: { resources: { cpu: '8', nodes: '1' } },
      }),
      named(
        'karpenter.sh/v1',
        'NodeClaim',
        'general-x',
        {
          status: { nodeName: 'n', providerID: 'aws:///a/i-1', conditions: [{ type: 'Initialized', status: 'True' }] },
        },
        {
          labels: {
            'karpenter.sh/nodepool': 'general',
            'karpenter.sh/capacity-type': 'spot',
            'node.kubernetes.io/instance-type': 'm7g.large',
            'topology.kubernetes.io/zone': 'a',
          },
        },
      ),
      named('karpenter.sh/v1alpha1', 'NodeOverlay', 'sp', {
        spec: {
          weight: 1,
          requirements: [requirement],
          priceAdjustment: '-10%',
          capacity: { 'smarter-devices/fuse': '1' },
        },
      }),
      named('karpenter.k8s.aws/v1', 'EC2NodeClass', 'default', {
        spec: {
          amiSelectorTerms: [{ alias: 'al2023@latest' }],
          blockDeviceMappings: [{ ebs: { volumeSize: '100Gi' } }],
          kubelet: { maxPods: 110, kubeReserved: { cpu: '200m' } },
          userData: 'secret',
        },
        status: { subnets: [{ zone: 'us-east-1b' }, { zone: 'us-east-1a' }, { zone: 'us-east-1b' }] },
      }),
      named('eks.amazonaws.com/v1', 'NodeClass', 'default', { spec: { ephemeralStorage: { size: '80Gi' } } }),
    );
    expect(state.nodePools).toEqual([
      {
        name: 'general',
        weight: 10,
        labels: { team: 'a' },
        taints: [{ key: 't', effect: 'NoSchedule' }],
        startupTaints: [{ key: 's', effect: 'NoExecute' }],
        requirements: [{ ...requirement, minValues: 2 }],
        limits: { cpu: 100_000, memory: 1024 * gib },
        usage: { cpu: 8000, nodes: 1 },
        consolidationPolicy: 'WhenEmptyOrUnderutilized',
        consolidateAfterSeconds: 90,
        budgets: [
          { nodes: '20%' },
          { nodes: '0', reasons: ['Drifted'], schedule: '0 9 * * 1-5', durationSeconds: 28_800 },
        ],
        nodeClass: { kind: 'EC2NodeClass', name: 'default' },
        expireAfterSeconds: null,
        terminationGracePeriodSeconds: 7200,
      },
    ]);
    expect(state.nodeClaims).toEqual([
      {
        name: 'general-x',
        nodePool: 'general',
        nodeName: 'n',
        providerId: 'aws:///a/i-1',
        instanceType: 'm7g.large',
        zone: 'a',
        capacityType: 'spot',
        initialized: true,
      },
    ]);
    expect(state.nodeOverlays).toEqual([
      {
        name: 'sp',
        weight: 1,
        requirements: [requirement],
        priceAdjustment: '-10%',
        capacity: { 'smarter-devices/fuse': 1 },
      },
    ]);
    expect(state.nodeClasses).toEqual([
      {
        kind: 'EC2NodeClass',
        name: 'default',
        amiFamily: 'al2023',
        zones: ['us-east-1a', 'us-east-1b'],
        rootVolumeBytes: 100 * gib,
        maxPods: 110,
        kubeReserved: { cpu: '200m' },
      },
      { kind: 'NodeClass', name: 'default', rootVolumeBytes: 80 * gib },
    ]);
  });

  it('of another group by the same name are not those of Kubernetes', async () => {
    const { state, report } = await convert([
      inShop('serving.knative.dev/v1', 'Service', 'x'),
      inShop('batch.volcano.sh/v1alpha1', 'Job', 'y'),
    ]);
    expect([state.services, state.workloads]).toEqual([[], []]);
    expect(report.ignored).toEqual([
      { kind: 'Job', count: 1 },
      { kind: 'Service', count: 1 },
    ]);
  });

  it.each([
    [{ major: '1', minor: '33+', gitVersion: 'v1.33.1-eks-1' }, '1.33'],
    [{ clientVersion: { gitVersion: 'v1.36.0' }, serverVersion: { gitVersion: 'v1.31.2-eks-5' } }, '1.31'],
    [{ major: '', minor: '' }, undefined],
  ])('server version %j', async (document, expected) => {
    expect((await stateOf(document)).kubernetesVersion).toBe(expected);
    expect((await convert([], { serverVersion: document })).state.kubernetesVersion).toBe(expected);
  });
});

describe('the table of kinds', () => {
  it('finds a kind by all that people call it', () => {
    expect(
      ['Pod', 'pods', 'PO', 'pdb', 'deployments.apps', 'ec2nodeclasses', 'nonsense', '__proto__'].map(
        (name) => findKind(name)?.kind,
      ),
    ).toEqual(['Pod', 'Pod', 'Pod', 'PodDisruptionBudget', 'Deployment', 'EC2NodeClass', undefined, undefined]);
  });

  it('knows where each is listed', () => {
    const path = (kind: string) =>
      listPath(kubernetesKinds.find((one) => one.kind === kind) as (typeof kubernetesKinds)[number]);
    expect([path('Node'), path('Deployment'), path('NodePool')]).toEqual([
      '/api/v1/nodes',
      '/apis/apps/v1/deployments',
      '/apis/karpenter.sh/v1/nodepools',
    ]);
  });
});

describe('when a dump was taken', () => {
  it('is what was given, else the newest time in the objects', async () => {
    const objects = [
      node('n', {
        status: {
          allocatable: { cpu: '1', memory: '1', pods: '1' },
          conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: '2026-03-02T00:00:00Z' }],
        },
      }),
      pod('a'),
    ];
    expect((await convert(objects)).state.takenAtMs).toBe(Date.parse('2026-03-02T00:00:00Z'));
    expect((await convert(objects, { takenAtMs: 5 })).state.takenAtMs).toBe(5);
  });

  it('stands in for creation times that are missing: what is new is left alone longest', async () => {
    const state = await stateOf(node('n'), { ...pod('a'), metadata: { name: 'a' } });
    expect(state.pods.createdAtSeconds).toEqual([Math.floor(state.takenAtMs / 1000)]);
  });
});
