import type { Intent, Node, PersistentVolume } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { applyPlan, createFastPlacement, createPlacement, fits } from '../src/index.js';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, launchOf, planOf, policy, verify } from './support/plan.js';

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

// Seen on a real cluster: two new replicas, one volume to spare, and each was told that it is there.
describe('volumes that nobody provisions', () => {
  const spare = (name: string, values: readonly string[] = ['us-east-1a']) => ({
    name,
    storageClass: 'existing',
    phase: 'Available' as const,
    capacityBytes: 10,
    accessModes: ['ReadWriteOnce' as const],
    nodeAffinity: { nodeSelectorTerms: [{ matchExpressions: [{ ...zone, values: [...values] }] }] },
  });
  const claim = {
    namespace: 'default',
    storageClass: 'existing',
    accessModes: ['ReadWriteOnce' as const],
    requestBytes: 10,
  };
  const existing = {
    ...cluster,
    storageClasses: [
      { name: 'existing', provisioner: 'kubernetes.io/no-provisioner', bindingMode: 'WaitForFirstConsumer' as const },
    ],
    persistentVolumeClaims: [{ ...claim, name: 'disk-data-0', phase: 'Bound' as const, volume: 'pv-0' }],
  };
  const withSpare = (...names: string[]) => ({
    ...existing,
    persistentVolumes: [...existing.persistentVolumes, ...names.map((name) => spare(name))],
  });

  it('serve one new replica each', () => {
    expect(codesOf(verify(withSpare('pv-1'), scaleTo(1, 2)))).toEqual([]);
    expect(codesOf(verify(withSpare('pv-1'), scaleTo(1, 3)))).toContain('pod-without-a-place');
    expect(codesOf(verify(withSpare('pv-1', 'pv-2'), scaleTo(1, 3)))).toEqual([]);
  });

  // Seen on a real cluster: the launch stated the slots of the driver that those volumes have, and was asked for those of the class.
  it('are attached by their own driver, whose slots a node to come has to state, and local ones by none', () => {
    const attached = (csi: PersistentVolume['csi'], csiDrivers: Node['csiDrivers']) => {
      const of = withSpare('pv-1');
      const full = {
        ...of,
        nodes: of.nodes.map((one) => ({ ...one, unschedulable: true })),
        persistentVolumes: [
          ...of.persistentVolumes.map((one) => ({ ...one, ...(csi !== undefined && { csi }) })),
          { name: 'shared', csi: { driver: 'efs.csi.aws.com', volumeHandle: 'fs' } },
        ],
      };
      const launch = launchOf('new') as Extract<Intent, { kind: 'launch-node' }>;
      const { csiDrivers: _, ...silent } = launch.template;
      const node = { ...launch, template: csiDrivers === undefined ? silent : { ...silent, csiDrivers } };
      const scale = { kind: 'scale-workload', workload, from: 1, to: 2 } as const;
      return [[[node, scale]], [[node], [scale]]].map((groups, inFlight) => {
        const change = { maxGroupsInFlight: inFlight + 1 };
        return codesOf(verify(full, planOf(full, groups, { after: [[], [0]], change }), policy(change)));
      });
    };
    const ebs = { name: 'ebs.csi.aws.com', allocatableCount: 25 };
    const volume = { driver: ebs.name, volumeHandle: 'vol' };
    expect(attached(volume, [ebs])).toEqual([[], []]);
    expect(attached(undefined, undefined)).toEqual([[], []]);
    for (const codes of attached(volume, undefined)) expect(codes).toContain('attach-slots-on-new-node');
  });

  it('stay with the claim that took one, and are free again once that is taken back', () => {
    const own = withSpare('pv-1');
    const claims = {
      ...own,
      persistentVolumeClaims: [
        ...own.persistentVolumeClaims,
        { ...claim, name: 'a', phase: 'Pending' as const },
        { ...claim, name: 'b', phase: 'Pending' as const },
      ],
    };
    const pod = (name: string) => ({ template: 0, workload: 0, name, extra: { claims: [name] } });
    const plain = createPlacement(claims);
    const fast = createFastPlacement(claims);
    const bothSay = (name: string) => [fits(pod(name), 0, plain).answer === 'feasible', fast.isFeasible(pod(name), 0)];
    const marks = [plain.mark(), fast.mark()] as const;
    plain.remove(plain.place(pod('a'), 0));
    fast.remove(fast.place(pod('a'), 0));
    expect([bothSay('a'), bothSay('b')]).toEqual([
      [true, true],
      [false, false],
    ]);
    plain.rollback(marks[0]);
    fast.rollback(marks[1]);
    expect([bothSay('a'), bothSay('b')]).toEqual([
      [true, true],
      [true, true],
    ]);
  });
});
