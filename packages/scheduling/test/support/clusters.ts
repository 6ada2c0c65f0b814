import type { ClusterState, Node, PodExtra, PodTemplate } from '@cloudoptim/core';
import fc from 'fast-check';
import { deployment, node, type PodSpec, state, template } from './build.js';

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const apps = ['web', 'api', 'db'];
const app = fc.constantFrom(...apps);
const selector = fc.oneof(
  app.map((name) => ({ matchLabels: { app: name } })),
  fc.constant({}),
  app.map((name) => ({ matchExpressions: [{ key: 'app', operator: 'NotIn' as const, values: [name] }] })),
);
const topologyKey = fc.constantFrom('kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'rack');
const namespace = fc.constantFrom('default', 'other');

const affinityTerm = fc.record(
  {
    topologyKey,
    labelSelector: selector,
    namespaces: fc.subarray(['default', 'other']),
    namespaceSelector: fc.constantFrom({}, { matchLabels: { team: 'one' } }),
    matchLabelKeys: fc.constant(['revision']),
  },
  { requiredKeys: ['topologyKey', 'labelSelector'] },
);

const spreadConstraint = fc.record(
  {
    maxSkew: fc.integer({ min: 1, max: 2 }),
    topologyKey,
    whenUnsatisfiable: fc.constantFrom('DoNotSchedule' as const, 'ScheduleAnyway' as const),
    labelSelector: selector,
    minDomains: fc.integer({ min: 1, max: 3 }),
    nodeAffinityPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
    nodeTaintsPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
    matchLabelKeys: fc.constant(['revision']),
  },
  { requiredKeys: ['maxSkew', 'topologyKey', 'whenUnsatisfiable', 'labelSelector'] },
);

/** A field in about one case of five: with more, hardly a pod fits anywhere, and nothing is learnt. */
function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Pod templates with every kind of constraint. */
const templates: fc.Arbitrary<PodTemplate> = fc
  .record({
    namespace,
    labels: fc.record({ app, revision: fc.constantFrom('1', '2') }, { requiredKeys: [] }),
    cpu: fc.constantFrom(0, 100, 300, 900),
    memory: fc.constantFrom(0, 1024 ** 3, 6 * 1024 ** 3),
    extended: seldom(fc.constantFrom({ 'nvidia.com/gpu': 1 })),
    nodeSelector: seldom(
      fc.constantFrom<Record<string, string>>({ disk: 'ssd' }, { 'topology.kubernetes.io/zone': 'us-east-1a' }),
    ),
    tolerations: fc.option(
      fc.constantFrom(
        [{ key: 'dedicated', operator: 'Exists' as const }],
        [{ operator: 'Exists' as const }],
        [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' as const }],
      ),
      { nil: undefined },
    ),
    hostPorts: seldom(
      fc.constantFrom(
        [{ hostIp: '0.0.0.0', protocol: 'TCP' as const, port: 80 }],
        [{ hostIp: '10.0.0.1', protocol: 'TCP' as const, port: 80 }],
      ),
    ),
    topologySpread: seldom(fc.array(spreadConstraint, { minLength: 1, maxLength: 2 })),
    podAffinity: seldom(fc.array(affinityTerm, { minLength: 1, maxLength: 2 }).map((required) => ({ required }))),
    podAntiAffinity: seldom(fc.array(affinityTerm, { minLength: 1, maxLength: 2 }).map((required) => ({ required }))),
    volumes: seldom(
      fc.constantFrom(
        [{ kind: 'claim' as const, claim: 'zonal' }],
        [{ kind: 'claim' as const, claim: 'once' }],
        [{ kind: 'aws-ebs' as const, volumeId: 'vol-inline' }],
      ),
    ),
  })
  .map((fields) => template(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))));

export const nodes: fc.Arbitrary<(name: string) => Node> = fc
  .record({
    zone: fc.constantFrom(...zones),
    cpu: fc.constantFrom(1, 2, 4),
    maxPods: fc.constantFrom(2, 5, 30),
    disk: fc.option(fc.constantFrom('ssd', 'hdd')),
    rack: fc.option(fc.constantFrom('r1', 'r2')),
    gpu: fc.boolean(),
    taint: fc.nat({ max: 3 }).map((draw) => draw === 0),
    unschedulable: fc.nat({ max: 5 }).map((draw) => draw === 0),
  })
  .map(
    ({ zone, cpu, maxPods, disk, rack, gpu, taint, unschedulable }) =>
      (name: string) =>
        node(name, {
          zone,
          cpu,
          maxPods,
          labels: { ...(disk === null ? {} : { disk }), ...(rack === null ? {} : { rack }) },
          ...(gpu ? { extended: { 'nvidia.com/gpu': 1 } } : {}),
          ...(taint ? { taints: [{ key: 'dedicated', effect: 'NoSchedule' as const }] } : {}),
          ...(unschedulable ? { unschedulable } : {}),
          csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 1 }],
        }),
  );

const extras: fc.Arbitrary<PodExtra | undefined> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant({ deletionAtMs: 1 }) },
  { weight: 1, arbitrary: fc.constant({ labels: { app: 'web' } }) },
  { weight: 1, arbitrary: fc.constant({ phase: 'Succeeded' as const }) },
  { weight: 1, arbitrary: fc.constant({ claims: ['own'] }) },
  { weight: 1, arbitrary: fc.constant({ occupies: { cpuMillicores: 1000, memoryBytes: 1 } }) },
);

/** Small clusters of all constraint kinds, with pods bound at random: states that the scheduler itself never builds occur. */
export const clusters: fc.Arbitrary<ClusterState> = fc
  .record({
    nodes: fc.array(nodes, { minLength: 1, maxLength: 6 }),
    templates: fc.array(templates, { minLength: 1, maxLength: 4 }),
    pods: fc.array(fc.record({ template: fc.nat(), node: fc.nat(), extra: extras }), { maxLength: 10 }),
  })
  .map((parts) => {
    const built = parts.nodes.map((make, index) => make(`n${index}`));
    const pods = parts.pods.map((pod): PodSpec => {
      const at = pod.template % parts.templates.length;
      return {
        template: at,
        workload: at,
        node: (pod.node % (built.length + 1)) - 1,
        ...(pod.extra === undefined ? {} : { extra: pod.extra }),
      };
    });
    return state({
      nodes: built,
      podTemplates: parts.templates,
      workloads: parts.templates.map(({ namespace: own }, index) =>
        deployment(`w${index}`, index, { namespace: own, replicas: 3 }),
      ),
      pods,
      ...volumesOf(),
    });
  });

function volumesOf(): Pick<
  ClusterState,
  'persistentVolumeClaims' | 'persistentVolumes' | 'storageClasses' | 'namespaces'
> {
  const claim = (own: string, name: string, volume: string, mode: string) => ({
    namespace: own,
    name,
    phase: 'Bound' as const,
    volume,
    storageClass: 'gp3',
    accessModes: [mode],
  });
  const csi = (volumeHandle: string) => ({ driver: 'ebs.csi.aws.com', volumeHandle });
  const inZone = {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In' as const, values: ['us-east-1a'] }] },
    ],
  };
  /** Two claims for two volumes that are there, of which one is in one zone: the first pod decides what is left. */
  const late = (own: string, name: string) => ({
    ...{ namespace: own, name, phase: 'Pending' as const, storageClass: 'existing', accessModes: ['ReadWriteOnce'] },
  });
  const free = (own: string, name: string) => ({
    ...{ name: `pv-${name}-${own}`, storageClass: 'existing', phase: 'Available' as const },
    ...{ accessModes: ['ReadWriteOnce'], csi: csi(`vol-${name}-${own}`) },
  });
  return {
    persistentVolumeClaims: ['default', 'other'].flatMap((own) => [
      ...[late(own, 'late-a'), late(own, 'late-b')],
      claim(own, 'zonal', `pv-zonal-${own}`, 'ReadWriteOnce'),
      claim(own, 'once', `pv-once-${own}`, 'ReadWriteOncePod'),
      claim(own, 'own', `pv-own-${own}`, 'ReadWriteOnce'),
    ]),
    persistentVolumes: ['default', 'other'].flatMap((own) => [
      { name: `pv-zonal-${own}`, csi: csi(`vol-zonal-${own}`), nodeAffinity: inZone },
      { name: `pv-once-${own}`, csi: csi(`vol-once-${own}`) },
      { name: `pv-own-${own}`, csi: csi(`vol-own-${own}`) },
      { ...free(own, 'free-zonal'), nodeAffinity: inZone },
      free(own, 'free'),
    ]),
    storageClasses: [
      { name: 'gp3', provisioner: 'ebs.csi.aws.com', bindingMode: 'WaitForFirstConsumer' },
      { name: 'existing', provisioner: 'kubernetes.io/no-provisioner', bindingMode: 'WaitForFirstConsumer' },
    ],
    namespaces: [
      { name: 'default', labels: { team: 'one' } },
      { name: 'other', labels: { team: 'two' } },
    ],
  };
}

/** The state without the pods that wait for a node. */
export function atRest(state: ClusterState): ClusterState {
  const { pods } = state;
  const bound = pods.node.flatMap((node, pod) => (node === -1 ? [] : [pod]));
  const only = <T>(column: readonly T[]) => bound.map((pod) => column[pod] as T);
  return {
    ...state,
    pods: {
      count: bound.length,
      name: only(pods.name),
      template: only(pods.template),
      workload: only(pods.workload),
      node: only(pods.node),
      createdAtSeconds: only(pods.createdAtSeconds),
      extra: Object.fromEntries(
        bound.flatMap((pod, at) => (pods.extra[pod] === undefined ? [] : [[at, pods.extra[pod]]])),
      ),
    },
  };
}
