import { describe, expect, it } from 'vitest';
import { extraOf, stateOf, templateOf } from './support/convert.js';
import { container, node, ownedBy, pod, someTimeMs } from './support/objects.js';

const gib = 1024 ** 3;
const mib = 1024 ** 2;

describe('what a pod needs', () => {
  it('adds up its containers exactly and rounds up once', async () => {
    const state = await stateOf(
      pod('a', { spec: { containers: [container('one', '100.4m', '1Mi'), container('two', '0.1004', '0.5Mi')] } }),
    );
    // 100.4m + 100.4m = 200.8m, which is 201m; rounding each first would give 202m.
    expect(templateOf(state, 'a').needs).toEqual({ cpuMillicores: 201, memoryBytes: 1.5 * mib });
  });

  it('takes the larger of running together and starting up, each init container beside the sidecars before it', async () => {
    const state = await stateOf(
      pod('a', {
        spec: {
          containers: [container('app', '500m', '1Gi')],
          initContainers: [
            container('first', '2', '100Mi'),
            container('proxy', '100m', '200Mi', { restartPolicy: 'Always' }),
            container('second', '1', '3Gi'),
          ],
        },
      }),
    );
    // Together: 600m, 1.2 GiB. Starting: first alone 2000m, second beside the proxy 1100m and 3 GiB + 200 MiB.
    expect(templateOf(state, 'a').needs).toEqual({ cpuMillicores: 2000, memoryBytes: 3 * gib + 200 * mib });
    expect(templateOf(state, 'a').containers.map(({ name, init, sidecar }) => [name, init, sidecar])).toEqual([
      ['app', undefined, undefined],
      ['first', true, undefined],
      ['proxy', undefined, true],
      ['second', true, undefined],
    ]);
  });

  it('lets requests of the pod as a whole replace those of its containers, and adds overhead', async () => {
    const state = await stateOf(
      pod('a', {
        spec: {
          containers: [container('app', '500m', '1Gi')],
          resources: { requests: { cpu: '2' }, limits: { cpu: '4', memory: '8Gi' } },
          overhead: { cpu: '250m', memory: '120Mi' },
        },
      }),
    );
    // Memory has a pod limit and container requests, so the pod request is what the containers ask for.
    expect(templateOf(state, 'a').needs).toEqual({ cpuMillicores: 2250, memoryBytes: gib + 120 * mib });
  });

  it('takes limits for requests that are not given, and counts extended resources', async () => {
    const limits = { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '2', 'hugepages-2Mi': '0', 'ephemeral-storage': '1Gi' };
    const state = await stateOf(
      pod('a', {
        spec: {
          containers: [container('app', '250m', undefined, { resources: { requests: { cpu: '250m' }, limits } })],
        },
      }),
    );
    expect(templateOf(state, 'a').needs).toEqual({
      cpuMillicores: 250,
      memoryBytes: gib,
      ephemeralStorageBytes: gib,
      extended: { 'nvidia.com/gpu': 2 },
    });
  });

  it('takes host ports of containers and sidecars only, and under hostNetwork every port', async () => {
    const port = (containerPort: number, more = {}) => ({ containerPort, ...more });
    const state = await stateOf(
      pod('plain', {
        spec: {
          containers: [
            container('app', '1', '1Gi', { ports: [port(80), port(81, { hostPort: 8081, hostIP: '10.0.0.1' })] }),
          ],
          initContainers: [
            container('once', '1', '1Gi', { ports: [port(90, { hostPort: 90 })] }),
            container('proxy', '1', '1Gi', {
              restartPolicy: 'Always',
              ports: [port(91, { hostPort: 91, protocol: 'UDP' })],
            }),
          ],
        },
      }),
      pod('host', {
        spec: { hostNetwork: true, containers: [container('app', '1', '1Gi', { ports: [port(80), port(80)] })] },
      }),
    );
    expect(templateOf(state, 'plain').hostPorts).toEqual([
      { hostIp: '10.0.0.1', protocol: 'TCP', port: 8081 },
      { hostIp: '0.0.0.0', protocol: 'UDP', port: 91 },
    ]);
    expect(templateOf(state, 'host').hostPorts).toEqual([{ hostIp: '0.0.0.0', protocol: 'TCP', port: 80 }]);
  });

  it('keeps what scheduling reads', async () => {
    const term = {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: { app: 'a' } },
      namespaceSelector: {},
    };
    const state = await stateOf(
      pod('a', {
        labels: { app: 'a' },
        annotations: { 'karpenter.sh/do-not-disrupt': '30m', 'example.com/note': 'dropped' },
        spec: {
          containers: [
            container('app', '1', '1Gi', {
              readinessProbe: { initialDelaySeconds: 7, periodSeconds: 5, successThreshold: 3 },
            }),
          ],
          schedulerName: 'other',
          schedulingGates: [{ name: 'example.com/quota' }],
          nodeSelector: { b: '2', a: '1' },
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 5, preference: { matchExpressions: [{ key: 'tier', operator: 'Gt', values: ['3'] }] } },
              ],
            },
            podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
            podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 9, podAffinityTerm: term }] },
          },
          tolerations: [
            { key: 'gpu', operator: 'Exists', effect: 'NoSchedule' },
            { operator: 'Exists', tolerationSeconds: 0 },
          ],
          topologySpreadConstraints: [
            {
              maxSkew: 2,
              topologyKey: 'zone',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: {},
              nodeTaintsPolicy: 'Honor',
              minDomains: 3,
            },
          ],
          resourceClaims: [{ name: 'gpu' }],
          priority: 1000,
          priorityClassName: 'high',
          preemptionPolicy: 'Never',
          runtimeClassName: 'gvisor',
          terminationGracePeriodSeconds: 120,
        },
        status: { qosClass: 'Burstable' },
      }),
    );
    const { needs: _, containers: __, ...rest } = templateOf(state, 'a');
    expect(rest).toEqual({
      namespace: 'shop',
      labels: { app: 'a' },
      annotations: { 'karpenter.sh/do-not-disrupt': '30m' },
      schedulerName: 'other',
      schedulingGates: ['example.com/quota'],
      nodeSelector: { a: '1', b: '2' },
      nodeAffinity: {
        preferred: [{ weight: 5, preference: { matchExpressions: [{ key: 'tier', operator: 'Gt', values: ['3'] }] } }],
      },
      podAffinity: { preferred: [{ weight: 9, term }] },
      podAntiAffinity: { required: [term] },
      tolerations: [
        { key: 'gpu', operator: 'Exists', effect: 'NoSchedule' },
        { operator: 'Exists', tolerationSeconds: 0 },
      ],
      topologySpread: [
        {
          maxSkew: 2,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: {},
          minDomains: 3,
          nodeTaintsPolicy: 'Honor',
        },
      ],
      resourceClaims: ['gpu'],
      priority: 1000,
      priorityClass: 'high',
      preemptionPolicy: 'Never',
      runtimeClass: 'gvisor',
      qosClass: 'Burstable',
      terminationGracePeriodSeconds: 120,
      readinessSeconds: 17,
    });
  });

  it.each([
    ['scheduling.x-k8s.io/pod-group label', { labels: { 'scheduling.x-k8s.io/pod-group': 'gang' } }],
    ['Volcano annotation', { annotations: { 'scheduling.k8s.io/group-name': 'gang' } }],
    ['workloadRef', { spec: { workloadRef: { name: 'w', podGroup: 'gang' } } }],
  ])('recognises a gang by its %s', async (_, changes) => {
    expect(templateOf(await stateOf(pod('a', changes)), 'a').podGroup).toBe('gang');
  });

  it.each([
    ['Guaranteed', { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } }],
    ['Burstable', { requests: { cpu: '1' } }],
    ['BestEffort', {}],
  ])('works out quality of service %s', async (expected, resources) => {
    const state = await stateOf(pod('a', { spec: { containers: [{ name: 'app', resources }] } }));
    expect(templateOf(state, 'a').qosClass).toBe(expected);
  });
});

describe('what a bound pod occupies', () => {
  const resized = (status: Record<string, unknown>, conditions: unknown[] = []) =>
    stateOf(
      node('n'),
      pod('a', {
        spec: { nodeName: 'n', containers: [container('app', '2', '1Gi')] },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }, ...conditions],
          containerStatuses: [{ name: 'app', ...status }],
        },
      }),
    );

  it('is the larger of spec and status while a resize is under way', async () => {
    const state = await resized({
      resources: { requests: { cpu: '1', memory: '3Gi' } },
      allocatedResources: { cpu: '1500m' },
    });
    expect(extraOf(state, 'a').occupies).toEqual({ cpuMillicores: 2000, memoryBytes: 3 * gib });
    expect(templateOf(state, 'a').needs).toEqual({ cpuMillicores: 2000, memoryBytes: gib });
  });

  it('leaves the spec aside once the kubelet said that it will never fit', async () => {
    const state = await resized(
      { resources: { requests: { cpu: '1', memory: '1Gi' } }, allocatedResources: { cpu: '1', memory: '1Gi' } },
      [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }],
    );
    expect(extraOf(state, 'a').occupies).toEqual({ cpuMillicores: 1000, memoryBytes: gib });
  });

  it('is not said when it is what the template needs', async () => {
    const state = await resized({ resources: { requests: { cpu: '2', memory: '1Gi' } } });
    expect(extraOf(state, 'a')).toEqual({});
  });
});

describe('templates', () => {
  it('are shared by pods that differ only by their names, nodes and random volume names', async () => {
    const daemonPod = (name: string, nodeName: string, zone?: string, bound = true) =>
      pod(name, {
        owner: ownedBy('DaemonSet', 'agent'),
        spec: {
          ...(bound && { nodeName }),
          volumes: [{ name: `kube-api-access-${name}`, projected: { sources: [] } }],
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    ...(zone === undefined
                      ? {}
                      : { matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }),
                    matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }],
                  },
                ],
              },
            },
          },
        },
      });
    const state = await stateOf(
      node('n1'),
      node('n2'),
      daemonPod('x', 'n1'),
      daemonPod('y', 'n2'),
      daemonPod('z', 'n2', 'a'),
      daemonPod('waiting', 'n2', undefined, false),
    );
    expect(state.podTemplates).toHaveLength(2);
    expect(templateOf(state, 'x').nodeAffinity).toBeUndefined();
    // Where it is bound goes without saying for a pod of a DaemonSet; where it waits to go does not.
    expect(extraOf(state, 'x').pinnedNode).toBeUndefined();
    expect(extraOf(state, 'waiting').pinnedNode).toBe('n2');
    expect(templateOf(state, 'z').nodeAffinity?.required?.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
    ]);
  });

  it('keep a pin that only some terms have: it is a choice, not a pin', async () => {
    const required = {
      nodeSelectorTerms: [
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] },
        { matchExpressions: [{ key: 'zone', operator: 'Exists' }] },
      ],
    };
    const state = await stateOf(
      pod('a', { spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } } }),
    );
    expect(extraOf(state, 'a').pinnedNode).toBeUndefined();
    expect(templateOf(state, 'a').nodeAffinity).toEqual({ required });
  });

  it('leave the identity of StatefulSet pods and their claims to each pod', async () => {
    const member = (index: number) =>
      pod(`db-${index}`, {
        owner: ownedBy('StatefulSet', 'db'),
        labels: {
          app: 'db',
          'statefulset.kubernetes.io/pod-name': `db-${index}`,
          'apps.kubernetes.io/pod-index': `${index}`,
        },
        annotations: { 'controller.kubernetes.io/pod-deletion-cost': `${index}` },
        spec: {
          nodeName: 'n',
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: `data-db-${index}` } },
            { name: 'shared', persistentVolumeClaim: { claimName: 'shared', readOnly: true } },
            {
              name: 'scratch',
              ephemeral: {
                volumeClaimTemplate: {
                  spec: {
                    accessModes: ['ReadWriteOnce'],
                    storageClassName: 'gp3',
                    resources: { requests: { storage: '10Gi' } },
                  },
                },
              },
            },
          ],
        },
      });
    const state = await stateOf(node('n'), member(0), member(1));
    expect(state.podTemplates).toHaveLength(1);
    expect(state.podTemplates[0]?.labels).toEqual({ app: 'db' });
    expect(state.podTemplates[0]?.volumes).toEqual([
      { kind: 'claim', claim: 'shared', readOnly: true },
      {
        kind: 'ephemeral',
        volume: 'scratch',
        storageClass: 'gp3',
        accessModes: ['ReadWriteOnce'],
        requestBytes: 10 * gib,
      },
    ]);
    expect(extraOf(state, 'db-1')).toEqual({
      claims: ['data-db-1', 'db-1-scratch'],
      labels: { 'apps.kubernetes.io/pod-index': '1', 'statefulset.kubernetes.io/pod-name': 'db-1' },
      annotations: { 'controller.kubernetes.io/pod-deletion-cost': '1' },
    });
  });

  it('name the volumes that bear on placement and no others', async () => {
    const state = await stateOf(
      pod('a', {
        spec: {
          volumes: [
            { name: 'secret', secret: { secretName: 's' } },
            { name: 'config', configMap: { name: 'c' } },
            { name: 'cache', emptyDir: { medium: 'Memory' } },
            { name: 'tmp', emptyDir: {} },
            { name: 'sys', hostPath: { path: '/sys' } },
            { name: 'inline', csi: { driver: 'secrets-store.csi.k8s.io' } },
            { name: 'old', awsElasticBlockStore: { volumeID: 'vol-1', readOnly: true } },
          ],
        },
      }),
    );
    expect(templateOf(state, 'a').volumes).toEqual([
      { kind: 'empty-dir', volume: 'cache', medium: 'Memory' },
      { kind: 'empty-dir', volume: 'tmp' },
      { kind: 'host-path', path: '/sys' },
      { kind: 'csi-inline', driver: 'secrets-store.csi.k8s.io' },
      { kind: 'aws-ebs', volumeId: 'vol-1', readOnly: true },
    ]);
  });
});

const unready = { type: 'Ready', status: 'False' };

describe('the table of pods', () => {
  it('says of each pod where it is and what is unusual about it', async () => {
    const state = await stateOf(
      node('n'),
      pod('bound', { spec: { nodeName: 'n' } }),
      pod('waiting', {
        status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False' }], nominatedNodeName: 'n' },
      }),
      pod('starting', { spec: { nodeName: 'n' }, status: { phase: 'Pending', conditions: [unready] } }),
      pod('unready', { spec: { nodeName: 'n' }, status: { conditions: [unready] } }),
      pod('over', { spec: { nodeName: 'n' }, status: { phase: 'Succeeded', conditions: [unready] } }),
      pod('leaving', { spec: { nodeName: 'n' }, metadata: { deletionTimestamp: '2026-03-01T10:00:30Z' } }),
      pod('static', {
        spec: { nodeName: 'n' },
        annotations: { 'kubernetes.io/config.mirror': 'x' },
        owner: ownedBy('Node', 'n', 'v1'),
      }),
    );
    const extras = Object.fromEntries(state.pods.name.map((name) => [name, extraOf(state, name)]));
    expect(extras).toEqual({
      bound: {},
      waiting: { nominatedNode: 'n' },
      starting: { phase: 'Pending' },
      unready: { ready: false },
      over: { phase: 'Succeeded' },
      leaving: { deletionAtMs: someTimeMs + 30_000 },
      static: { mirror: true },
    });
    expect(state.pods.node[state.pods.name.indexOf('waiting')]).toBe(-1);
    expect(state.pods.node[state.pods.name.indexOf('bound')]).toBe(0);
    expect(state.workloads).toEqual([]);
    expect(state.pods.workload.every((index) => index === -1)).toBe(true);
  });

  it('believes the Ready condition and not the phase, as budgets do: it outlives a node that went away', async () => {
    const ready = [{ type: 'Ready', status: 'True' }];
    const state = await stateOf(
      node('n'),
      pod('lost', { spec: { nodeName: 'n' }, status: { phase: 'Unknown', conditions: ready } }),
      pod('failed', { spec: { nodeName: 'n' }, status: { phase: 'Failed', conditions: ready } }),
    );
    expect(extraOf(state, 'lost')).toEqual({ phase: 'Unknown', ready: true });
    expect(extraOf(state, 'failed')).toEqual({ phase: 'Failed', ready: true });
  });

  it('does not let a pod on a node that did not come look pending', async () => {
    const state = await stateOf(pod('a', { spec: { nodeName: 'elsewhere' } }));
    expect(state.pods.node).toEqual([-1]);
    expect(extraOf(state, 'a').phase).toBe('Running');
  });
});
