import { expect, it } from 'vitest';
import { applyPlan } from '../src/index.js';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, planOf, verify } from './support/plan.js';

const zone = { key: 'topology.kubernetes.io/zone', operator: 'In' as const, values: ['us-east-1a'] };
const cluster = state({
  nodes: [node('a')],
  podTemplates: [template()],
  workloads: [deployment('data', 0, { kind: 'StatefulSet', replicas: 1, claimTemplates: ['disk'] })],
  pods: [{ name: 'data-0', template: 0, workload: 0, node: 0, extra: { claims: ['disk-data-0'] } }],
  storageClasses: [{ name: 'gp3', provisioner: 'ebs.csi.aws.com', bindingMode: 'WaitForFirstConsumer' }],
  persistentVolumeClaims: [
    { namespace: 'default', name: 'disk-data-0', phase: 'Bound', volume: 'pv-0', storageClass: 'gp3' },
  ],
  persistentVolumes: [{ name: 'pv-0', nodeAffinity: { nodeSelectorTerms: [{ matchExpressions: [zone] }] } }],
});
const workload = { kind: 'StatefulSet', namespace: 'default', name: 'data' };

const scaleTo = (from: number, to: number) => planOf(cluster, [[{ kind: 'scale-workload', workload, from, to }]]);

// Seen on a real cluster: app-4-6 got its claim and a node, and here the plan was refused, since the claim of the pod to come
// was looked up and was not there.
it('a StatefulSet with claims may be scaled up, its controller makes the new claims', () => {
  expect(codesOf(verify(cluster, scaleTo(1, 2)))).toEqual([]);
  const after = applyPlan(cluster, scaleTo(1, 3));
  expect(after.pods.name).toEqual(['data-0', 'data-1', 'data-2']);
  expect(after.persistentVolumeClaims.map(({ name, storageClass }) => [name, storageClass])).toEqual([
    ['disk-data-0', 'gp3'],
    ['disk-data-1', 'gp3'],
    ['disk-data-2', 'gp3'],
  ]);
});

it('a claim of which none like it is known is not made up', () => {
  const unknown = { ...cluster, persistentVolumeClaims: [] };
  const plan = planOf(unknown, [[{ kind: 'scale-workload', workload, from: 1, to: 2 }]]);
  expect(codesOf(verify(unknown, plan))).toContain('pod-without-a-place');
});
