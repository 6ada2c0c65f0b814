import { deployment, node, state, template } from './build.js';
import { drained, planOf, removalOf } from './plan.js';

export const [a, b, c] = [node('a'), node('b'), node('c')] as const;

/** Three nodes of one size; one pod of a Deployment on the first, two on the second. */
export const cluster = state({
  nodes: [a, b, c],
  podTemplates: [template({ labels: { app: 'web' } })],
  workloads: [deployment('web', 0, { replicas: 3 })],
  pods: [0, 1, 1].map((at) => ({ template: 0, workload: 0, node: at })),
});

/** Takes the first node away; its pod goes to the second. */
export const good = planOf(cluster, [removalOf(a, [drained(0, 1, b)])]);
