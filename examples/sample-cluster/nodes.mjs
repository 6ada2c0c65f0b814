import { readFileSync } from 'node:fs';
import { hash, uid } from './identity.mjs';
import { shapes } from './place.mjs';

/** The node table: what each node is, whether it must go, and why. Data, because the test that checks the plan reads it too. */
export const nodes = JSON.parse(readFileSync(new URL('nodes.json', import.meta.url), 'utf8'));

const families = {
  general: ['m5', 'm5d', 'm6i'],
  compute: ['c6i'],
  edge: ['c6i'],
  search: ['r6i'],
  ml: ['r6i'],
  arm: ['m7g'],
  batch: ['m5', 'm6i'],
};
const taints = {
  compute: [{ key: 'dedicated', value: 'compute', effect: 'NoSchedule' }],
  arm: [{ key: 'kubernetes.io/arch', value: 'arm64', effect: 'NoSchedule' }],
  search: [{ key: 'dedicated', value: 'search', effect: 'NoSchedule' }],
  ml: [{ key: 'dedicated', value: 'ml', effect: 'NoSchedule' }],
  edge: [{ key: 'dedicated', value: 'edge', effect: 'NoSchedule' }],
  batch: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }],
  legacy: [{ key: 'legacy', value: 'true', effect: 'NoSchedule' }],
};

/** What the pods of a pool need to be allowed onto its nodes. */
export function tolerationsFor(pool) {
  return (taints[pool] ?? []).map(({ key, value, effect }) => ({ key, operator: 'Equal', value, effect }));
}

export function isKarpenter(node) {
  return Object.hasOwn(families, node.pool);
}

export function nodeObjects(takenAt) {
  return nodes.map((node) => {
    const shape = shapes[node.type];
    const created = daysBefore(takenAt, 3 + (hash(node.name) % 25));
    return {
      metadata: {
        name: node.name,
        uid: uid(`node/${node.name}`),
        resourceVersion: String(500000 + (hash(node.name) % 90000)),
        creationTimestamp: created,
        labels: labels(node, shape),
        annotations: {
          'csi.volume.kubernetes.io/nodeid': JSON.stringify({ 'ebs.csi.aws.com': instanceId(node) }),
          ...(node.key === 'trap-node-opt-out' ? { 'karpenter.sh/do-not-disrupt': 'true' } : {}),
        },
        ...(isKarpenter(node) ? { finalizers: ['karpenter.sh/termination'] } : {}),
      },
      spec: { providerID: providerId(node), ...(taints[node.pool] ? { taints: taints[node.pool] } : {}) },
      status: {
        capacity: resources(shape.cores * 1000, shape.capacityMemory, shape.pods),
        allocatable: resources(shape.cpu, shape.memory, shape.pods),
        conditions: [
          { type: 'MemoryPressure', status: 'False', lastHeartbeatTime: takenAt, lastTransitionTime: created },
          { type: 'DiskPressure', status: 'False', lastHeartbeatTime: takenAt, lastTransitionTime: created },
          { type: 'PIDPressure', status: 'False', lastHeartbeatTime: takenAt, lastTransitionTime: created },
          { type: 'Ready', status: 'True', lastHeartbeatTime: takenAt, lastTransitionTime: created },
        ],
        addresses: [
          { type: 'InternalIP', address: node.name.slice(3).split('.')[0].replaceAll('-', '.') },
          { type: 'Hostname', address: node.name },
        ],
        nodeInfo: {
          architecture: shape.architecture,
          operatingSystem: 'linux',
          kubeletVersion: 'v1.33.4-eks-99d6cc0',
          osImage: 'Amazon Linux 2023.8.20250915',
          containerRuntimeVersion: 'containerd://2.1.4',
        },
      },
    };
  });
}

export function nodePoolObjects(takenAt) {
  return Object.keys(families).map((name) => ({
    metadata: { name, uid: uid(`nodepool/${name}`), creationTimestamp: daysBefore(takenAt, 200), generation: 1 },
    spec: {
      disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: '720h', budgets: [{ nodes: '20%' }] },
      limits: { cpu: '400', memory: '2Ti' },
      template: {
        spec: {
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' },
          expireAfter: '720h',
          ...(taints[name] ? { taints: taints[name] } : {}),
          requirements: [
            { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
            { key: 'kubernetes.io/arch', operator: 'In', values: [name === 'arm' ? 'arm64' : 'amd64'] },
            { key: 'karpenter.sh/capacity-type', operator: 'In', values: [name === 'batch' ? 'spot' : 'on-demand'] },
            { key: 'karpenter.k8s.aws/instance-family', operator: 'In', values: families[name] },
            { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['us-east-1a', 'us-east-1b', 'us-east-1c'] },
          ],
        },
      },
    },
    status: { nodes: nodes.filter((node) => node.pool === name).length, resources: poolUsage(name) },
  }));
}

export function nodeClassObjects(takenAt) {
  return [
    {
      metadata: { name: 'default', uid: uid('ec2nodeclass/default'), creationTimestamp: daysBefore(takenAt, 200) },
      spec: {
        amiFamily: 'AL2023',
        amiSelectorTerms: [{ alias: 'al2023@v20250915' }],
        role: 'KarpenterNodeRole-shop',
        blockDeviceMappings: [
          { deviceName: '/dev/xvda', rootVolume: true, ebs: { volumeSize: '100Gi', volumeType: 'gp3' } },
        ],
        subnetSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'shop' } }],
        securityGroupSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'shop' } }],
      },
      status: {
        subnets: ['us-east-1a', 'us-east-1b', 'us-east-1c'].map((zone) => ({
          id: `subnet-${uid(zone).slice(0, 8)}`,
          zone,
        })),
      },
    },
  ];
}

export function nodeClaimObjects(takenAt) {
  return nodes.filter(isKarpenter).map((node) => ({
    metadata: {
      name: claimName(node),
      uid: uid(`nodeclaim/${node.name}`),
      creationTimestamp: daysBefore(takenAt, 3 + (hash(node.name) % 25)),
      labels: { ...labels(node, shapes[node.type]) },
      ownerReferences: [
        {
          apiVersion: 'karpenter.sh/v1',
          kind: 'NodePool',
          name: node.pool,
          uid: uid(`nodepool/${node.pool}`),
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' }, expireAfter: '720h' },
    status: {
      nodeName: node.name,
      providerID: providerId(node),
      conditions: ['Launched', 'Registered', 'Initialized', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: daysBefore(takenAt, 3 + (hash(node.name) % 25)),
      })),
    },
  }));
}

export function csiNodeObjects(takenAt) {
  return nodes.map((node) => ({
    metadata: { name: node.name, uid: uid(`csinode/${node.name}`), creationTimestamp: daysBefore(takenAt, 3) },
    spec: {
      drivers: [
        {
          name: 'ebs.csi.aws.com',
          nodeID: instanceId(node),
          topologyKeys: ['kubernetes.io/os', 'topology.ebs.csi.aws.com/zone', 'topology.kubernetes.io/zone'],
          allocatable: { count: 25 },
        },
      ],
    },
  }));
}

export function daysBefore(takenAt, days) {
  return new Date(Date.parse(takenAt) - days * 86_400_000).toISOString().replace('.000', '');
}

function labels(node, shape) {
  const [family, size] = node.type.split('.');
  return {
    'kubernetes.io/arch': shape.architecture,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/hostname': node.name,
    'node.kubernetes.io/instance-type': node.type,
    'topology.kubernetes.io/region': 'us-east-1',
    'topology.kubernetes.io/zone': node.zone,
    'topology.ebs.csi.aws.com/zone': node.zone,
    ...(isKarpenter(node)
      ? {
          'karpenter.sh/nodepool': node.pool,
          'karpenter.sh/capacity-type': node.capacityType,
          'karpenter.sh/registered': 'true',
          'karpenter.sh/initialized': 'true',
          'karpenter.k8s.aws/instance-category': family[0],
          'karpenter.k8s.aws/instance-family': family,
          'karpenter.k8s.aws/instance-size': size,
        }
      : {}),
    ...(node.pool === 'system'
      ? { 'eks.amazonaws.com/nodegroup': 'system', 'eks.amazonaws.com/capacityType': 'ON_DEMAND' }
      : {}),
  };
}

function poolUsage(pool) {
  const own = nodes.filter((node) => node.pool === pool).map((node) => shapes[node.type]);
  return {
    cpu: String(own.reduce((sum, { cores }) => sum + cores, 0)),
    memory: `${own.reduce((sum, { capacityMemory }) => sum + capacityMemory, 0)}Mi`,
    nodes: String(own.length),
  };
}

function resources(cpu, memory, pods) {
  return {
    cpu: `${cpu}m`,
    memory: `${memory}Mi`,
    'ephemeral-storage': '95551679124',
    'hugepages-2Mi': '0',
    pods: String(pods),
  };
}

function claimName(node) {
  return `${node.pool}-${uid(node.name).slice(0, 5)}`;
}

function instanceId(node) {
  return `i-0${uid(`instance/${node.name}`).replaceAll('-', '').slice(0, 16)}`;
}

function providerId(node) {
  return `aws:///${node.zone}/${instanceId(node)}`;
}
