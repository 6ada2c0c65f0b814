import type { Random } from '../random.js';
import type { Created } from './cluster-spec.js';

/** Some of them on a part of the nodes only, some before all others where room is short. */
export function daemonSet(namespace: string, name: string, random: Random): Created {
  const requests = { cpu: random.pick(['100m', '100m', '400m']), memory: '128Mi' };
  const ports = random.chance(0.15) ? { ports: [{ containerPort: 80, hostPort: 9100 }] } : {};
  return {
    path: `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
    body: {
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [{ name: 'app', image: 'app', resources: { requests }, ...ports }],
            tolerations: random.chance(0.5) ? [{ operator: 'Exists' }] : [],
            ...(random.chance(0.2) && { nodeSelector: { 'karpenter.sh/capacity-type': 'spot' } }),
            ...(random.chance(0.3) && { priorityClassName: 'high' }),
          },
        },
      },
    },
  };
}
