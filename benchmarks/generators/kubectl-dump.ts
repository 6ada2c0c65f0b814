import { createRandom } from './random.js';
/**
 * What `kubectl get nodes,pods,deployments,… -A -o json` prints for a cluster of a given size: one List, indented by four
 * spaces, objects of about 5 KB with the fields and the noise that real ones have. The same seed gives the same bytes.
 */

export interface DumpSize {
  readonly nodes: number;
  readonly pods: number;
  readonly workloads: number;
  readonly seed: number;
}

/** Yields the text in pieces of about one object. */
export function* kubectlDump(size: DumpSize): Generator<string> {
  const random = createRandom(size.seed).next;
  const cluster = new GeneratedCluster(size, random);
  yield '{\n    "apiVersion": "v1",\n    "items": [\n';
  let isFirst = true;
  for (const object of cluster.objects()) {
    yield `${isFirst ? '' : ',\n'}${typeof object === 'string' ? object : pretty(object)}`;
    isFirst = false;
  }
  yield '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
}

type Json = Record<string, unknown>;

interface GeneratedWorkload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly hash: string;
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
}

const started = Date.UTC(2026, 0, 5, 8);
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const shapes = [
  ['m6i.2xlarge', '7910m', '29317Mi', '58'],
  ['m6i.4xlarge', '15890m', '58617Mi', '234'],
  ['c6i.4xlarge', '15890m', '27617Mi', '234'],
  ['r6i.2xlarge', '7910m', '60317Mi', '58'],
  ['m7g.2xlarge', '7910m', '29317Mi', '58'],
] as const;
const daemons = ['aws-node', 'kube-proxy'];
const things = ['api', 'worker', 'web', 'billing', 'search', 'cart', 'feed', 'mail', 'auth', 'geo', 'ledger', 'media'];

class GeneratedCluster {
  readonly size: DumpSize;
  readonly random: () => number;
  private suffixes = 0;

  constructor(size: DumpSize, random: () => number) {
    this.size = size;
    this.random = random;
  }

  *objects(): Generator<Json | string> {
    const { size } = this;
    const namespaces = ['kube-system', ...Array.from({ length: 60 }, (_, index) => `team-${index}`)];
    for (const name of namespaces)
      yield object('v1', 'Namespace', this.meta(name), {
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    const nodes = Array.from({ length: size.nodes }, (_, index) => `ip-10-${index >> 8}-${index & 255}-7.ec2.internal`);
    for (const [index, name] of nodes.entries()) yield this.node(name, index);
    for (const name of daemons) {
      const daemon: GeneratedWorkload = {
        kind: 'DaemonSet',
        namespace: 'kube-system',
        name,
        uid: this.uid(),
        hash: this.hash(),
        replicas: nodes.length,
        cpu: '50m',
        memory: '64Mi',
      };
      yield this.owner(daemon);
      const print = this.podPrinter(daemon);
      for (const node of nodes) yield print(`${name}-${this.suffix()}`, node, 0);
    }
    const wanted = size.pods - daemons.length * nodes.length;
    let placed = 0;
    for (let index = 0; index < size.workloads; index++) {
      const isLast = index === size.workloads - 1;
      const mean = (wanted - placed) / (size.workloads - index);
      const replicas = isLast ? wanted - placed : Math.max(1, Math.round(mean * (0.2 + 1.6 * this.random())));
      placed += replicas;
      const kind = index % 50 === 7 ? 'StatefulSet' : 'Deployment';
      const workload: GeneratedWorkload = {
        kind,
        namespace: `team-${index % 60}`,
        name: `${things[index % things.length]}-${index}`,
        uid: this.uid(),
        hash: this.hash(),
        replicas,
        cpu: `${50 * (1 + Math.floor(this.random() * 30))}m`,
        memory: `${128 * (1 + Math.floor(this.random() * 30))}Mi`,
      };
      yield this.owner(workload);
      if (kind === 'Deployment') yield this.replicaSet(workload);
      if (index % 3 === 0) yield this.budget(workload);
      const print = this.podPrinter(workload);
      for (let replica = 0; replica < replicas; replica++) {
        const name =
          kind === 'StatefulSet' ? `${workload.name}-${replica}` : `${workload.name}-${workload.hash}-${this.suffix()}`;
        yield print(name, nodes[Math.floor(this.random() * nodes.length)] as string, replica);
      }
    }
  }

  private node(name: string, index: number): Json {
    const [type, cpu, memory, pods] = shapes[index % shapes.length] as (typeof shapes)[number];
    const zone = zones[index % zones.length] as string;
    const [family = '', instanceSize = ''] = type.split('.');
    const arch = family.endsWith('g') ? 'arm64' : 'amd64';
    const labels = {
      'beta.kubernetes.io/arch': arch,
      'beta.kubernetes.io/instance-type': type,
      'beta.kubernetes.io/os': 'linux',
      'failure-domain.beta.kubernetes.io/region': 'us-east-1',
      'failure-domain.beta.kubernetes.io/zone': zone,
      'k8s.io/cloud-provider-aws': '3f1c9a0b7d5e4c21',
      'karpenter.k8s.aws/ec2nodeclass': 'default',
      'karpenter.k8s.aws/instance-category': family.slice(0, 1),
      'karpenter.k8s.aws/instance-cpu': '8',
      'karpenter.k8s.aws/instance-cpu-manufacturer': 'intel',
      'karpenter.k8s.aws/instance-ebs-bandwidth': '10000',
      'karpenter.k8s.aws/instance-encryption-in-transit-supported': 'true',
      'karpenter.k8s.aws/instance-family': family,
      'karpenter.k8s.aws/instance-generation': '6',
      'karpenter.k8s.aws/instance-hypervisor': 'nitro',
      'karpenter.k8s.aws/instance-memory': '32768',
      'karpenter.k8s.aws/instance-network-bandwidth': '3125',
      'karpenter.k8s.aws/instance-size': instanceSize,
      'karpenter.sh/capacity-type': index % 3 === 0 ? 'spot' : 'on-demand',
      'karpenter.sh/initialized': 'true',
      'karpenter.sh/nodepool': 'general',
      'karpenter.sh/registered': 'true',
      'kubernetes.io/arch': arch,
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': type,
      'topology.ebs.csi.aws.com/zone': zone,
      'topology.k8s.aws/zone-id': `use1-az${(index % 3) + 1}`,
      'topology.kubernetes.io/region': 'us-east-1',
      'topology.kubernetes.io/zone': zone,
    };
    const amounts = {
      cpu,
      'ephemeral-storage': '95491281146',
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory,
      pods,
    };
    const conditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
      lastHeartbeatTime: time(started + 86_400_000),
      lastTransitionTime: time(started + index * 1000),
      message: `kubelet has reported its ${type} condition`,
      reason: `Kubelet${type}`,
      status: type === 'Ready' ? 'True' : 'False',
      type,
    }));
    const images = Array.from({ length: 12 }, (_, image) => ({
      names: [`123456789012.dkr.ecr.us-east-1.amazonaws.com/app-${image}@sha256:${'ab12'.repeat(16)}`],
      sizeBytes: 51_234_567 + image,
    }));
    return object(
      'v1',
      'Node',
      this.meta(name, undefined, labels, {
        'alpha.kubernetes.io/provided-node-ip': '10.0.1.2',
        'csi.volume.kubernetes.io/nodeid': '{"ebs.csi.aws.com":"i-0123456789abcdef0"}',
        'karpenter.k8s.aws/ec2nodeclass-hash': '17890123456789012345',
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      }),
      {
        spec: { providerID: `aws:///${zone}/i-${index.toString(16).padStart(17, '0')}` },
        status: {
          addresses: [
            { address: '10.0.1.2', type: 'InternalIP' },
            { address: name, type: 'Hostname' },
          ],
          allocatable: amounts,
          capacity: amounts,
          conditions,
          images,
          nodeInfo: {
            architecture: arch,
            containerRuntimeVersion: 'containerd://1.7.27',
            kernelVersion: '6.1.134',
            kubeletVersion: 'v1.33.1-eks-1234567',
            operatingSystem: 'linux',
            osImage: 'Amazon Linux 2023',
          },
        },
      },
    );
  }

  private owner(workload: GeneratedWorkload): Json {
    const { kind, replicas, hash, name } = workload;
    const figures = { observedGeneration: 1, replicas, readyReplicas: replicas, updatedReplicas: replicas };
    const spec: Json = { selector: { matchLabels: { app: name } }, template: this.podTemplate(workload) };
    if (kind !== 'DaemonSet') spec.replicas = replicas;
    if (kind === 'StatefulSet')
      spec.volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }];
    const status: Json =
      kind === 'DaemonSet'
        ? {
            observedGeneration: 1,
            desiredNumberScheduled: replicas,
            updatedNumberScheduled: replicas,
            numberReady: replicas,
          }
        : kind === 'StatefulSet'
          ? { ...figures, currentRevision: `${name}-${hash}`, updateRevision: `${name}-${hash}` }
          : figures;
    const annotations =
      kind === 'DaemonSet'
        ? { 'deprecated.daemonset.template.generation': '1' }
        : { 'deployment.kubernetes.io/revision': '1', 'meta.helm.sh/release-name': name };
    return object(
      'apps/v1',
      kind,
      { ...this.meta(name, workload.namespace, { app: name }, annotations), uid: workload.uid },
      { spec, status },
    );
  }

  private replicaSet(workload: GeneratedWorkload): Json {
    const { name, hash, replicas, namespace, uid } = workload;
    return object(
      'apps/v1',
      'ReplicaSet',
      {
        ...this.meta(
          `${name}-${hash}`,
          namespace,
          { app: name, 'pod-template-hash': hash },
          { 'deployment.kubernetes.io/revision': '1' },
        ),
        ownerReferences: [
          { apiVersion: 'apps/v1', blockOwnerDeletion: true, controller: true, kind: 'Deployment', name, uid },
        ],
      },
      {
        spec: {
          replicas,
          selector: { matchLabels: { app: name, 'pod-template-hash': hash } },
          template: this.podTemplate(workload),
        },
        status: { observedGeneration: 1, replicas, readyReplicas: replicas },
      },
    );
  }

  private budget({ name, namespace, replicas }: GeneratedWorkload): Json {
    return object('policy/v1', 'PodDisruptionBudget', this.meta(name, namespace), {
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: name } } },
      status: {
        currentHealthy: replicas,
        desiredHealthy: replicas - 1,
        disruptionsAllowed: 1,
        expectedPods: replicas,
        observedGeneration: 1,
      },
    });
  }

  private podTemplate(workload: GeneratedWorkload): Json {
    return { metadata: { labels: { app: workload.name } }, spec: this.podSpec(workload) };
  }

  private podSpec({ name, cpu, memory, kind }: GeneratedWorkload): Json {
    const env = Array.from({ length: 1 }, (_, index) => ({
      name: `SETTING_${index}`,
      value: `value of ${name} number ${index}`,
    }));
    const probe = {
      failureThreshold: 3,
      httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' },
      initialDelaySeconds: 5,
      periodSeconds: 10,
      successThreshold: 1,
      timeoutSeconds: 1,
    };
    return {
      containers: [
        {
          args: ['--listen=:8080', '--log-level=info'],
          env,
          image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}:1.4.2`,
          imagePullPolicy: 'IfNotPresent',
          name: 'app',
          readinessProbe: probe,
          resources: { limits: { memory }, requests: { cpu, memory } },
        },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      ...(kind === 'DaemonSet' ? { tolerations: [{ operator: 'Exists' }] } : {}),
    };
  }

  /** Prints the pods of a workload: one text with marks, filled in for each pod. */
  private podPrinter(workload: GeneratedWorkload): (name: string, node: string, ordinal: number) => string {
    const { kind, namespace, name: app, hash, uid } = workload;
    const isStateful = kind === 'StatefulSet';
    const labels: Json = { app };
    if (kind === 'Deployment') labels['pod-template-hash'] = hash;
    else labels['controller-revision-hash'] = isStateful ? `${app}-${hash}` : hash;
    if (kind === 'DaemonSet') labels['pod-template-generation'] = '1';
    if (isStateful) {
      labels['statefulset.kubernetes.io/pod-name'] = '@NAME@';
      labels['apps.kubernetes.io/pod-index'] = '@ORDINAL@';
    }
    const spec: Json = {
      ...this.podSpec(workload),
      nodeName: '@NODE@',
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      serviceAccount: 'default',
      serviceAccountName: 'default',
      tolerations: ['not-ready', 'unreachable'].map((taint) => ({
        effect: 'NoExecute',
        key: `node.kubernetes.io/${taint}`,
        operator: 'Exists',
        ...(kind === 'DaemonSet' ? {} : { tolerationSeconds: 300 }),
      })),
      volumes: [
        {
          name: 'kube-api-access-@SUFFIX@',
          projected: {
            defaultMode: 420,
            sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }],
          },
        },
        ...(isStateful ? [{ name: 'data', persistentVolumeClaim: { claimName: 'data-@NAME@' } }] : []),
      ],
    };
    if (kind === 'DaemonSet')
      spec.affinity = {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['@NODE@'] }] }],
          },
        },
      };
    const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
      lastProbeTime: null,
      lastTransitionTime: '@TIME@',
      status: 'True',
      type,
    }));
    const pod = object(
      'v1',
      'Pod',
      {
        creationTimestamp: '@TIME@',
        generateName: `${app}-`,
        labels,
        name: '@NAME@',
        namespace,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            blockOwnerDeletion: true,
            controller: true,
            kind: kind === 'Deployment' ? 'ReplicaSet' : kind,
            name: kind === 'Deployment' ? `${app}-${hash}` : app,
            uid: kind === 'Deployment' ? '11111111-2222-4333-8444-555555555555' : uid,
          },
        ],
        resourceVersion: '987654321',
        uid: '@UID@',
      },
      {
        spec,
        status: {
          conditions,
          containerStatuses: [
            {
              containerID: `containerd://${'0f'.repeat(32)}`,
              image: `${app}:1.4.2`,
              imageID: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${app}@sha256:${'cd34'.repeat(16)}`,
              name: 'app',
              ready: true,
              restartCount: 0,
            },
          ],
          hostIP: '10.0.1.2',
          phase: 'Running',
          podIP: '10.0.3.4',
          qosClass: 'Burstable',
          startTime: '@TIME@',
        },
      },
    );
    const parts = pretty(pod).split(/@(NAME|NODE|UID|TIME|SUFFIX|ORDINAL)@/);
    return (name, node, ordinal) => {
      const values: Record<string, string> = {
        NAME: name,
        NODE: node,
        UID: this.uid(),
        TIME: time(started + Math.floor(this.random() * 86_400) * 1000),
        SUFFIX: this.suffix(),
        ORDINAL: String(ordinal),
      };
      let printed = '';
      for (let index = 0; index < parts.length; index++)
        printed += index % 2 === 0 ? parts[index] : values[parts[index] as string];
      return printed;
    };
  }

  private meta(name: string, namespace?: string, labels: Json = {}, annotations: Json = {}): Json {
    return {
      annotations,
      creationTimestamp: time(started),
      generation: 1,
      labels,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      resourceVersion: '123456789',
      uid: this.uid(),
    };
  }

  private uid(): string {
    const part = () =>
      Math.floor(this.random() * 0x10000)
        .toString(16)
        .padStart(4, '0');
    return `${part()}${part()}-${part()}-4${part().slice(1)}-8${part().slice(1)}-${part()}${part()}${part()}`;
  }

  private hash(): string {
    return Math.floor(0x10000000 + this.random() * 0xefffffff)
      .toString(16)
      .slice(0, 9);
  }

  /** Never twice the same, as the API server sees to: a prime walks through all texts of five letters. */
  private suffix(): string {
    const letters = 'bcdfghjklmnpqrstvwxz2456789';
    this.suffixes = (this.suffixes + 7_654_321) % letters.length ** 5;
    let text = '';
    for (let rest = this.suffixes, index = 0; index < 5; index++, rest = Math.floor(rest / letters.length))
      text += letters[rest % letters.length];
    return text;
  }
}

function object(apiVersion: string, kind: string, metadata: Json, rest: Json): Json {
  return { apiVersion, kind, metadata, ...rest };
}

/** Items of a List stand two levels deep. */
function pretty(value: Json): string {
  return JSON.stringify(value, undefined, 4).replaceAll('\n', '\n        ').replace(/^/, '        ');
}

function time(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
