import { hash } from './identity.mjs';
import { tolerationsFor } from './nodes.mjs';

const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

export function labelsOf(app) {
  return { 'app.kubernetes.io/name': app.name, team: app.namespace.split('-')[0], ...app.labels };
}

export function selector(app) {
  return { 'app.kubernetes.io/name': app.name };
}

export function podTemplate(app) {
  return {
    metadata: { labels: labelsOf(app), ...(app.annotations ? { annotations: app.annotations } : {}) },
    spec: podSpec(app),
  };
}

export function podSpec(app) {
  const pool = app.pool ?? poolOf(app);
  const nodeSelector = {
    ...(pool === 'compute' ? { 'karpenter.sh/nodepool': 'compute' } : {}),
    ...(pool === 'arm' ? { 'kubernetes.io/arch': 'arm64' } : {}),
    ...app.select,
  };
  const isAgent = app.kind === 'DaemonSet';
  const tolerations = isAgent ? [{ operator: 'Exists' }] : tolerationsFor(pool);
  const affinity = podAffinity(app);
  return {
    containers: [
      {
        name: app.name,
        image: `${registry}/${app.name}:1.${hash(app.name) % 40}.0`,
        resources: {
          requests: {
            ...(app.cpu ? { cpu: `${app.cpu}m` } : {}),
            ...(app.memory ? { memory: `${app.memory}Mi` } : {}),
          },
          ...(app.memory && !isAgent ? { limits: { memory: `${app.memory}Mi` } } : {}),
        },
        ports: [containerPort(app)],
        readinessProbe: {
          httpGet: { path: '/ready', port: app.port ?? 8080 },
          initialDelaySeconds: 5,
          periodSeconds: 10,
        },
      },
    ],
    volumes: app.hostPath ? [{ name: 'host', hostPath: { path: app.hostPath } }] : [],
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: app.grace ?? 30,
    ...(app.hostNetwork ? { hostNetwork: true } : {}),
    ...(app.priority ? { priorityClassName: app.priority } : {}),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
    ...(affinity ? { affinity } : {}),
    ...(app.zones
      ? {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: selector(app) },
            },
          ],
        }
      : {}),
  };
}

/** On the host's network the API server makes the host port equal to the container's: two agents cannot share one. */
function containerPort({ port = 8080, hostPort, hostNetwork }) {
  const onHost = hostPort ?? (hostNetwork ? port : undefined);
  return { containerPort: port, protocol: 'TCP', ...(onHost ? { hostPort: onHost } : {}) };
}

function podAffinity(app) {
  const own = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selector(app) } };
  const avoids = app.avoids
    ? [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: app.avoids }, namespaceSelector: {} }]
    : [];
  const required = [...(app.hosts === 'required' ? [own] : []), ...avoids];
  if (required.length === 0 && app.hosts !== 'preferred') return undefined;
  return {
    podAntiAffinity: {
      ...(required.length > 0 ? { requiredDuringSchedulingIgnoredDuringExecution: required } : {}),
      ...(app.hosts === 'preferred'
        ? { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: own }] }
        : {}),
    },
  };
}

/** Apps with a fixed seat tolerate the taints of the pool that they sit in. */
function poolOf(app) {
  const [key] = Object.keys(app.at ?? {});
  if (key === undefined) return undefined;
  if (key.startsWith('legacy')) return 'legacy';
  if (key.startsWith('edge')) return 'edge';
  if (key === 'oversized-ml') return 'ml';
  if (key === 'leftover-arm') return 'arm';
  if (key === 'leftover-canary') return 'compute';
  return undefined;
}
