import type { Random } from '../random.js';
import type { Created } from './cluster-spec.js';

/** None, one, or in a few cases two over the same pods, which the Eviction API answers with an error. */
export function budgetsFor(namespace: string, app: string, replicas: number, random: Random): Created[] {
  const count = random.chance(0.45) ? (random.chance(0.07) ? 2 : 1) : 0;
  return Array.from({ length: count }, (_, index) =>
    budget(namespace, index === 0 ? app : `${app}-again`, { app }, replicas, random),
  );
}

/** Over pods of several workloads. */
export function tierBudget(namespace: string, tier: string, random: Random): Created {
  return budget(namespace, tier, { tier }, random.integer(2, 8), random);
}

function budget(
  namespace: string,
  name: string,
  matchLabels: Readonly<Record<string, string>>,
  replicas: number,
  random: Random,
): Created {
  const unready = random.chance(0.2) ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {};
  return {
    path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    body: { metadata: { name }, spec: { selector: { matchLabels }, ...budgetBounds(replicas, random), ...unready } },
  };
}

function budgetBounds(replicas: number, random: Random) {
  switch (random.integer(0, 3)) {
    case 0:
      return { maxUnavailable: random.chance(0.85) ? random.integer(1, 2) : 0 };
    case 1:
      return { minAvailable: Math.max(0, replicas - random.integer(0, 2)) };
    case 2:
      return { maxUnavailable: random.pick(['10%', '25%', '50%']) };
    default:
      return { minAvailable: random.pick(['30%', '50%', '80%']) };
  }
}

export function quota(namespace: string, random: Random): Created {
  return {
    path: `/api/v1/namespaces/${namespace}/resourcequotas`,
    body: { metadata: { name: 'pods' }, spec: { hard: { pods: String(random.integer(3, 40)) } } },
  };
}
