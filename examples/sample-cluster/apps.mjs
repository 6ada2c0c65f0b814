/**
 * What runs in the sample cluster, by team. `cpu` in millicores and `memory` in MiB are requests of one pod.
 *
 * pool: its pods are spread over the nodes of this pool whose role is `full`.   at: or they sit on these nodes, by key.
 * zones: topology spread over zones, DoNotSchedule.   hosts: `required` or `preferred` anti-affinity to its own kind.
 * budget: spec of its PodDisruptionBudget.   scaler: [min, max] of its HorizontalPodAutoscaler.
 * volume: GiB of EBS for each pod of a StatefulSet.
 */
export const apps = [
  // Checkout: the shop. The busiest team, and the one with the strictest budgets.
  app('checkout-prod', 'checkout-web', 20, 450, 700, {
    pool: 'general',
    zones: true,
    budget: { maxUnavailable: '25%' },
    scaler: [12, 40],
    priority: 'business-critical',
    service: true,
  }),
  app('checkout-prod', 'checkout-api', 18, 550, 1100, {
    pool: 'general',
    zones: true,
    budget: { minAvailable: '80%' },
    scaler: [10, 36],
    priority: 'business-critical',
    service: true,
  }),
  app('checkout-prod', 'cart', 8, 400, 800, { pool: 'general', budget: { maxUnavailable: 1 }, service: true }),
  app('checkout-prod', 'payments', 6, 650, 1200, {
    pool: 'general',
    hosts: 'required',
    budget: { maxUnavailable: 1 },
    priority: 'business-critical',
    service: true,
  }),
  // Reads card data at full speed and keeps noisy pods off its node: their terms bind pods that have none of their own.
  app('checkout-prod', 'fraud-scorer', 3, 1000, 2048, {
    pool: 'general',
    hosts: 'required',
    avoids: { noisy: 'true' },
    budget: { maxUnavailable: 1 },
  }),
  app('checkout-prod', 'events-consumer', 6, 350, 600, { pool: 'general', hosts: 'preferred' }),
  app('checkout-prod', 'orders-api', 8, 500, 900, {
    pool: 'general',
    budget: { maxUnavailable: 1 },
    scaler: [4, 16],
    service: true,
  }),
  app('checkout-prod', 'payments-ledger', 1, 1300, 2048, { at: { 'trap-single-replica': 1 }, scaler: [1, 3] }),
  app('checkout-prod', 'ledger-api', 2, 600, 900, {
    at: { 'trap-two-budgets': 2 },
    labels: { tier: 'ledger' },
    budget: { maxUnavailable: 1 },
    service: true,
  }),
  app('checkout-prod', 'session-cache', 6, 1200, 4096, {
    pool: 'arm',
    hosts: 'preferred',
    budget: { maxUnavailable: 1 },
  }),
  app('checkout-prod', 'notifications', 11, 900, 1200, { pool: 'arm', budget: { maxUnavailable: '20%' } }),
  app('checkout-staging', 'checkout-api', 2, 200, 512, { at: { 'leftover-staging': 2 } }),
  app('checkout-staging', 'payments', 2, 200, 512, { at: { 'leftover-staging': 2 }, budget: { minAvailable: 1 } }),
  app('checkout-staging', 'image-resizer', 2, 150, 400, { at: { 'leftover-staging': 2 }, labels: { noisy: 'true' } }),
  app('checkout-staging', 'session-store', 3, 100, 256, {
    kind: 'StatefulSet',
    at: { 'leftover-dev': 1, 'leftover-staging': 1, 'leftover-search': 1 },
    volume: 20,
    budget: { maxUnavailable: 1 },
  }),
  app('checkout-staging', 'notifications', 2, 150, 256, {
    at: { 'leftover-arm': 2 },
  }),
  app('checkout-dev', 'checkout-web', 2, 100, 256, { at: { 'leftover-dev': 2 } }),
  app('checkout-dev', 'cart', 2, 100, 256, { at: { 'leftover-dev': 2 } }),
  app('checkout-dev', 'proxy', 2, 400, 512, { at: { 'trap-bare-pod': 2 } }),

  // Search: OpenSearch on nodes of its own, the rest in the common pool.
  app('search-prod', 'search-api', 10, 600, 1100, {
    pool: 'general',
    zones: true,
    budget: { maxUnavailable: '20%' },
    scaler: [6, 20],
    service: true,
  }),
  app('search-prod', 'query-rewriter', 6, 350, 700, { pool: 'general', hosts: 'preferred' }),
  app('search-prod', 'suggestions', 6, 300, 900, { pool: 'general', hosts: 'preferred' }),
  app('search-prod', 'geo-index', 6, 700, 2048, { pool: 'arm', hosts: 'preferred' }),
  app('search-prod', 'opensearch-data', 3, 6000, 45056, {
    kind: 'StatefulSet',
    pool: 'search',
    hosts: 'required',
    volume: 500,
    budget: { maxUnavailable: 1 },
    grace: 120,
    service: true,
  }),
  app('search-prod', 'opensearch-dashboards', 2, 300, 1024, { pool: 'search', hosts: 'preferred' }),
  app('search-prod', 'search-indexer', 3, 400, 800, { at: { 'trap-rollout': 3 }, rollout: { updated: 1, ready: 2 } }),
  app('search-dev', 'search-api', 2, 150, 400, { at: { 'leftover-dev': 2 } }),
  app('search-dev', 'relevance-lab', 2, 200, 600, { at: { 'leftover-search': 2 } }),

  // Data.
  app('data-prod', 'kafka', 3, 1000, 4096, {
    kind: 'StatefulSet',
    pool: 'general',
    hosts: 'required',
    zones: true,
    volume: 200,
    budget: { maxUnavailable: 1 },
    grace: 90,
    service: true,
  }),
  app('data-prod', 'kafka-connect', 6, 500, 1500, { pool: 'general', budget: { maxUnavailable: 2 } }),
  app('data-prod', 'airflow-web', 2, 300, 1024, { pool: 'general', hosts: 'required' }),
  app('data-prod', 'airflow-scheduler', 2, 500, 1024, { pool: 'general', hosts: 'required' }),
  app('data-prod', 'schema-registry', 2, 250, 512, { pool: 'general', hosts: 'required', budget: { minAvailable: 1 } }),
  app('data-prod', 'billing-export', 2, 500, 900, { at: { 'trap-node-opt-out': 2 } }),
  app('data-prod', 'etl-worker', 8, 1500, 5120, { pool: 'batch' }),
  app('data-prod', 'clickhouse-scratch', 2, 600, 1500, {
    kind: 'StatefulSet',
    at: { 'trap-local-volume': 2 },
    localVolume: 60,
  }),
  app('data-prod', 'report-archiver', 2, 150, 300, { at: { 'legacy-2': 2 } }),
  app('data-prod', 'ldap-bridge', 3, 800, 1024, { at: { 'legacy-1': 3 } }),
  app('data-staging', 'airflow-worker', 2, 150, 400, { at: { 'leftover-data': 2 } }),

  // Machine learning.
  app('ml-prod', 'ranker', 14, 1500, 1800, { pool: 'compute', budget: { maxUnavailable: '10%' }, scaler: [8, 24] }),
  app('ml-prod', 'transcoder', 6, 1100, 1200, { pool: 'compute', hosts: 'preferred' }),
  app('ml-prod', 'model-gateway', 6, 450, 900, {
    pool: 'general',
    hosts: 'preferred',
    budget: { maxUnavailable: 1 },
    service: true,
  }),
  app('ml-prod', 'feature-api', 4, 400, 900, { pool: 'general', hosts: 'preferred' }),
  app('ml-prod', 'feature-store', 2, 900, 7168, {
    at: { 'oversized-ml': 2 },
    select: { 'karpenter.sh/nodepool': 'ml' },
    budget: { maxUnavailable: 1 },
  }),
  app('ml-prod', 'experiment-tracker', 2, 600, 900, {
    at: { 'trap-pod-opt-out': 2 },
    annotations: { 'karpenter.sh/do-not-disrupt': 'true' },
  }),
  app('ml-staging', 'ranker-canary', 2, 250, 400, {
    at: { 'leftover-canary': 2 },
  }),
  app('ml-staging', 'feature-api', 2, 150, 400, { at: { 'leftover-data': 2 } }),

  // Platform.
  app('platform', 'prometheus', 2, 900, 6144, {
    kind: 'StatefulSet',
    pool: 'general',
    hosts: 'required',
    volume: 200,
    budget: { maxUnavailable: 1 },
  }),
  app('platform', 'grafana', 2, 150, 400, { pool: 'general', hosts: 'required' }),
  app('platform', 'argocd-server', 2, 200, 400, { pool: 'general', hosts: 'required' }),
  app('platform', 'argocd-repo-server', 2, 200, 600, { pool: 'general', hosts: 'required' }),
  app('platform', 'cert-manager', 3, 100, 200, { pool: 'general', hosts: 'preferred' }),
  app('platform', 'docs-site', 2, 100, 200, { at: { 'leftover-arm': 2 } }),
  app('platform', 'policy-webhook', 1, 1200, 1024, {
    at: { 'trap-webhook': 1 },
    service: true,
    annotations: { 'argocd.argoproj.io/tracking-id': 'platform:apps/Deployment:platform/policy-webhook' },
    workloadAnnotations: { 'argocd.argoproj.io/tracking-id': 'platform:apps/Deployment:platform/policy-webhook' },
  }),
  app('ingress', 'ingress-nginx', 2, 900, 1024, {
    at: { 'edge-1': 1, 'edge-2': 1 },
    hostPort: 443,
    select: { 'karpenter.sh/nodepool': 'edge' },
    budget: { maxUnavailable: 1 },
    service: true,
  }),
  app('kube-system', 'kyverno', 3, 400, 600, {
    at: { 'system-1': 1, 'system-2': 1, 'system-3': 1 },
    hosts: 'required',
    select: { 'eks.amazonaws.com/nodegroup': 'system' },
    budget: { minAvailable: 2 },
    priority: 'system-cluster-critical',
    service: true,
  }),
  app('kube-system', 'karpenter', 2, 500, 1024, {
    at: { 'system-1': 1, 'system-2': 1 },
    hosts: 'required',
    select: { 'eks.amazonaws.com/nodegroup': 'system' },
    budget: { maxUnavailable: 1 },
    priority: 'system-cluster-critical',
  }),
  app('kube-system', 'coredns', 2, 100, 70, {
    at: { 'system-2': 1, 'system-3': 1 },
    hosts: 'preferred',
    budget: { maxUnavailable: 1 },
    priority: 'system-cluster-critical',
    service: true,
  }),
  app('kube-system', 'ebs-csi-controller', 2, 100, 250, {
    at: { 'system-1': 1, 'system-3': 1 },
    hosts: 'preferred',
    select: { 'eks.amazonaws.com/nodegroup': 'system' },
    budget: { maxUnavailable: 1 },
    priority: 'system-cluster-critical',
  }),
  app('kube-system', 'metrics-server', 2, 100, 200, {
    at: { 'system-2': 1, 'system-3': 1 },
    select: { 'eks.amazonaws.com/nodegroup': 'system' },
    budget: { maxUnavailable: 1 },
    priority: 'system-cluster-critical',
    service: true,
  }),
  app('kube-system', 'external-dns', 1, 50, 128, {
    at: { 'system-3': 1 },
    select: { 'eks.amazonaws.com/nodegroup': 'system' },
  }),
];

/** On every node: what a drain leaves behind. `hostPath` and `hostNetwork` as in the EKS add-ons. */
export const daemonSets = [
  {
    name: 'aws-node',
    cpu: 50,
    memory: 0,
    hostNetwork: true,
    port: 61678,
    hostPath: '/opt/cni/bin',
    priority: 'system-node-critical',
  },
  {
    name: 'kube-proxy',
    cpu: 100,
    memory: 0,
    hostNetwork: true,
    port: 10249,
    hostPath: '/run/xtables.lock',
    priority: 'system-node-critical',
  },
  { name: 'ebs-csi-node', cpu: 30, memory: 120, hostPath: '/var/lib/kubelet', priority: 'system-node-critical' },
  { name: 'fluent-bit', cpu: 50, memory: 100, hostPath: '/var/log', priority: 'system-node-critical' },
];

function app(namespace, name, replicas, cpu, memory, rest) {
  return { kind: 'Deployment', namespace, name, replicas, cpu, memory, ...rest };
}
