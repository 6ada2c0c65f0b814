import fc from 'fast-check';
import { container, deployment, deploymentPod, node, ownedBy, pod, replicaSet } from './objects.js';

/** A secret as people write them: nothing that could stand in a name by accident. */
export const secretMark = 'S3cr3t!';
const secret = fc.integer({ min: 0, max: 9999 }).map((number) => `${secretMark}${number}"\\é`);

const nodeNames = ['n0', 'n1', 'n2'];
const namespaces = ['shop', 'bank'];
const quantity = fc.constantFrom('100m', '0.25', '1', '1500m', '2');
const memory = fc.constantFrom('64Mi', '1Gi', '1e9', '123456789');

const arbitraryContainer = fc
  .record({ cpu: quantity, memory, secret, probe: fc.boolean() })
  .map(({ cpu, memory, secret, probe }) =>
    container('app', cpu, memory, {
      env: [
        { name: 'PASSWORD', value: secret },
        { name: 'REF', valueFrom: { secretKeyRef: { name: 's', key: secret } } },
      ],
      envFrom: [{ prefix: secret, secretRef: { name: 's' } }],
      args: ['--token', secret],
      command: ['sh', '-c', secret],
      lifecycle: { preStop: { exec: { command: [secret] } } },
      ...(probe
        ? {
            readinessProbe: {
              initialDelaySeconds: 3,
              httpGet: { path: secret, httpHeaders: [{ name: 'x', value: secret }] },
            },
          }
        : { livenessProbe: { exec: { command: [secret] } } }),
    }),
  );

const arbitraryAnnotations = fc.record({ secret, honoured: fc.boolean() }).map(({ secret, honoured }) => ({
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: secret }),
  'example.com/note': secret,
  ...(honoured ? { 'karpenter.sh/do-not-disrupt': 'true' } : {}),
}));

const arbitraryPodSpec = fc
  .record({
    containers: fc.array(arbitraryContainer, { minLength: 1, maxLength: 1 }),
    nodeName: fc.option(fc.constantFrom(...nodeNames, 'gone'), { nil: undefined }),
    nodeSelector: fc.option(fc.constant({ args: 'x', data: 'y', 'beta.kubernetes.io/os': 'linux' }), {
      nil: undefined,
    }),
    volumes: fc.subarray([
      { name: 'kube-api-access-x', projected: {} },
      { name: 'v', persistentVolumeClaim: { claimName: 'c' } },
      { name: 'e', emptyDir: {} },
      { name: 'i', csi: { driver: 'd', volumeAttributes: { password: `${secretMark}attribute` } } },
    ]),
    hostNetwork: fc.boolean(),
  })
  .map((spec) => JSON.parse(JSON.stringify(spec)) as Record<string, unknown>);

const status = fc
  .record({ phase: fc.constantFrom('Running', 'Pending', 'Succeeded'), ready: fc.boolean(), secret })
  .map(({ phase, ready, secret }) => ({
    phase,
    message: secret,
    conditions: [
      { type: 'Ready', status: ready ? 'True' : 'False', message: secret, lastTransitionTime: '2026-03-01T11:00:00Z' },
    ],
    containerStatuses: [
      { name: 'app', resources: { requests: { cpu: '2' } }, lastState: { terminated: { message: secret } } },
    ],
  }));

const podChanges = fc.record({ spec: arbitraryPodSpec, annotations: arbitraryAnnotations, status });

const arbitraryPods = fc
  .uniqueArray(
    fc.record({
      name: fc.integer({ min: 0, max: 9 }).map((number) => `p${number}`),
      namespace: fc.constantFrom(...namespaces),
      owner: fc.constantFrom('none', 'DaemonSet', 'StatefulSet', 'web', 'old', 'custom'),
      changes: podChanges,
    }),
    { maxLength: 8, selector: ({ name, namespace }) => `${namespace}/${name}` },
  )
  .map((pods) =>
    pods.map(({ name, namespace, owner, changes }) => {
      const options = { ...changes, namespace };
      if (owner === 'web' || owner === 'old') return deploymentPod(name, 'web', owner, options);
      if (owner === 'none') return pod(name, options);
      return pod(name, {
        ...options,
        owner: owner === 'custom' ? ownedBy('Rollout', 'x', 'argoproj.io/v1') : ownedBy(owner, 's'),
      });
    }),
  );

const arbitraryOthers = fc
  .record({ secret, annotations: arbitraryAnnotations, podSpec: arbitraryPodSpec, system: fc.boolean() })
  .map(({ secret, annotations, podSpec, system }) => [
    deployment('web', { annotations, podSpec: { ...podSpec, nodeName: undefined } }),
    replicaSet('web', 'web'),
    replicaSet('web', 'old', { revision: '0', replicas: 0 }),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      data: { password: secret },
      stringData: { other: secret },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { password: secret } },
    { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'shop' }, message: secret },
    {
      apiVersion: 'argoproj.io/v1',
      kind: 'Rollout',
      metadata: { name: 'x', namespace: 'shop' },
      spec: { replicas: 3, password: secret },
      status: { message: secret },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'r', namespace: 'shop' },
      data: { spec: { env: secret } },
    },
    {
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: 'd' },
      spec: { userData: secret, tags: { a: secret } },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'gp3' },
      provisioner: 'ebs.csi.aws.com',
      parameters: { key: secret },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'v', annotations },
      webhooks: [{ name: 'a', clientConfig: { url: `https://x/${secret}`, caBundle: secret }, rules: [] }],
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'night', namespace: 'shop', managedFields: [{ manager: secret }] },
      spec: {
        schedule: '* * * * *',
        jobTemplate: { metadata: { annotations }, spec: { template: { metadata: { annotations }, spec: podSpec } } },
      },
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid: 'cluster', annotations } },
    {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      clientConnection: { kubeconfig: secret },
      profiles: [
        {
          schedulerName: 'packing',
          pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated' }, x: secret } }],
        },
        { schedulerName: 'other', plugins: { filter: { enabled: [{ name: 'Other' }] } } },
      ].slice(system ? 0 : 1),
      extenders: [{ urlPrefix: `https://x/${secret}`, filterVerb: 'filter' }],
    },
    { serverVersion: { major: '1', minor: '33' }, note: secret },
    { nothing: secret },
  ]);

/** Objects of one cluster, with secrets wherever people put them. */
export const arbitraryObjects: fc.Arbitrary<unknown[]> = fc
  .tuple(
    fc.subarray(nodeNames).map((names) =>
      names.map((name) =>
        node(name, {
          labels: { 'beta.kubernetes.io/os': 'linux', 'karpenter.k8s.aws/instance-cpu': '4' },
          annotations: { note: `${secretMark}node` },
        }),
      ),
    ),
    arbitraryPods,
    arbitraryOthers.chain((others) => fc.subarray(others)),
  )
  .map((parts) => JSON.parse(JSON.stringify(parts.flat())) as unknown[]);
