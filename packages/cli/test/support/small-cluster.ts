/** A plain List as `kubectl get … -o json` prints it. */
export interface SmallCluster {
  readonly apiVersion: 'v1';
  readonly kind: 'List';
  readonly items: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
}

interface Given {
  readonly nodeNames?: readonly [string, string];
  /** Further labels of the two nodes. */
  readonly labels?: readonly [Record<string, string>, Record<string, string>];
  readonly namespace?: string;
  readonly app?: string;
  readonly env?: { readonly name: string; readonly value: string };
}

/** Two m5.large of one NodePool with one pod of one Deployment each: one node is enough, which saves 0.096 USD/h. */
export function smallCluster({
  nodeNames = ['node-a', 'node-b'],
  labels = [{}, {}],
  namespace = 'shop',
  app = 'cart',
  env,
}: Given = {}): SmallCluster {
  const template = {
    metadata: { labels: { app } },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'main:1',
          resources: { requests: { cpu: '200m', memory: '128Mi' } },
          ...(env ? { env: [env] } : {}),
        },
      ],
    },
  };
  const created = '2026-10-01T00:00:00Z';
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      object('v1', 'Namespace', { name: namespace, uid: 'ns' }, {}),
      object(
        'karpenter.sh/v1',
        'NodePool',
        { name: 'general', uid: 'pool' },
        {
          spec: {
            disruption: { consolidationPolicy: 'WhenEmptyOrUnderutilized', consolidateAfter: '0s' },
            template: {
              spec: { requirements: [{ key: 'karpenter.k8s.aws/instance-family', operator: 'In', values: ['m5'] }] },
            },
          },
        },
      ),
      ...nodeNames.flatMap((name, index) => [
        object(
          'v1',
          'Node',
          {
            name,
            uid: `node-uid-${index}`,
            creationTimestamp: created,
            labels: {
              'kubernetes.io/arch': 'amd64',
              'kubernetes.io/os': 'linux',
              'kubernetes.io/hostname': name,
              'node.kubernetes.io/instance-type': 'm5.large',
              'topology.kubernetes.io/region': 'us-east-1',
              'topology.kubernetes.io/zone': 'us-east-1a',
              'karpenter.sh/nodepool': 'general',
              'karpenter.sh/capacity-type': 'on-demand',
              ...labels[index],
            },
          },
          {
            spec: { providerID: `aws:///us-east-1a/i-0${index}` },
            status: {
              allocatable: { cpu: '1930m', memory: '7000Mi', pods: '29', 'ephemeral-storage': '18181869946' },
              conditions: [
                {
                  type: 'Ready',
                  status: 'True',
                  lastTransitionTime: created,
                  lastHeartbeatTime: '2026-10-05T09:00:00Z',
                },
              ],
            },
          },
        ),
        object(
          'karpenter.sh/v1',
          'NodeClaim',
          { name: `claim-${index}`, uid: `claim-uid-${index}` },
          {
            status: { nodeName: name, providerID: `aws:///us-east-1a/i-0${index}` },
          },
        ),
        object(
          'v1',
          'Pod',
          {
            name: `${app}-abc-${index}`,
            namespace,
            uid: `pod-uid-${index}`,
            creationTimestamp: created,
            labels: { app, 'pod-template-hash': 'abc' },
            ownerReferences: [
              { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-abc`, uid: 'rs', controller: true },
            ],
          },
          {
            spec: { ...template.spec, nodeName: name },
            status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: created }] },
          },
        ),
      ]),
      object(
        'apps/v1',
        'Deployment',
        { name: app, namespace, uid: 'deploy', generation: 1 },
        {
          spec: { replicas: 2, selector: { matchLabels: { app } }, template },
          status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
        },
      ),
      object(
        'apps/v1',
        'ReplicaSet',
        {
          name: `${app}-abc`,
          namespace,
          uid: 'rs',
          labels: { app, 'pod-template-hash': 'abc' },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: app, uid: 'deploy', controller: true }],
        },
        {
          spec: {
            replicas: 2,
            selector: { matchLabels: { app, 'pod-template-hash': 'abc' } },
            template: { ...template, metadata: { labels: { app, 'pod-template-hash': 'abc' } } },
          },
          status: { replicas: 2, readyReplicas: 2, observedGeneration: 1 },
        },
      ),
    ],
  };
}

function object(
  apiVersion: string,
  kind: string,
  metadata: { readonly name: string; readonly [key: string]: unknown },
  rest: object,
) {
  return { apiVersion, kind, metadata: { creationTimestamp: '2026-10-01T00:00:00Z', ...metadata }, ...rest };
}
