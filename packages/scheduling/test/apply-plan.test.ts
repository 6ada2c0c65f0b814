import { type Intent, InvalidPlan } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../src/index.js';
import { deployment, node, state, template } from './support/build.js';
import { drained, launchOf, market, planOf, removalOf } from './support/plan.js';

const [a, b] = [node('a'), node('b')] as const;
const web = deployment('web', 0, { replicas: 2, readyReplicas: 2, updatedReplicas: 2 });
const cluster = state({
  nodes: [a, b],
  podTemplates: [template({ labels: { app: 'web' } }), template({ namespace: 'kube-system', cpu: 10 })],
  workloads: [web, deployment('agent', 1, { kind: 'DaemonSet', namespace: 'kube-system' })],
  pods: [
    { name: 'web-a', template: 0, workload: 0, node: 0 },
    { name: 'web-b', template: 0, workload: 0, node: 1 },
    { name: 'agent-a', template: 1, workload: 1, node: 0, extra: { pinnedNode: 'a' } },
    { name: 'agent-b', template: 1, workload: 1, node: 1, extra: { pinnedNode: 'b' } },
    { name: 'waits', template: 0, workload: 0, node: -1 },
    { name: 'ended', template: 0, workload: 0, node: 0, extra: { phase: 'Succeeded' } },
  ],
  podDisruptionBudgets: [
    {
      namespace: 'default',
      name: 'web',
      selector: { matchLabels: { app: 'web' } },
      maxUnavailable: 1,
      status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
    },
  ],
  nodeClaims: [
    { name: 'claim-a', nodeName: 'a' },
    { name: 'claim-b', nodeName: 'b' },
  ],
  nodePools: [{ name: 'default', usage: { cpu: 8000, nodes: 2 } }],
  serviceBackends: [
    { namespace: 'default', service: 'web', pods: [{ namespace: 'default', name: 'web-a', ready: true }] },
  ],
});

const ref = { kind: 'Deployment', namespace: 'default', name: 'web' };
const podsOf = (after: typeof cluster) =>
  after.pods.name.map((name, pod) => `${name}@${after.nodes[after.pods.node[pod] as number]?.name ?? '-'}`);

describe('applyPlan', () => {
  it('takes the node away, with its DaemonSet pods and claim, and puts its pods where they are expected', () => {
    const after = applyPlan(cluster, planOf(cluster, [removalOf(a, [drained(0, 1, b)])]));
    expect(after.nodes.map(({ name }) => name)).toEqual(['b']);
    expect(podsOf(after)).toEqual(['web-b@b', 'agent-b@b', 'waits@-', 'web-next@b']);
    expect(after.nodeClaims.map(({ name }) => name)).toEqual(['claim-b']);
    expect(after.nodePools[0]?.usage).toEqual({ cpu: 4000, nodes: 1 });
    expect(after.serviceBackends[0]?.pods).toEqual([{ namespace: 'default', name: 'web-next', ready: true }]);
    expect(after.podDisruptionBudgets[0]?.status).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 2 });
  });

  it('brings launched nodes with their DaemonSet pods, under a uid that tells the launch', () => {
    const toNew = { template: 0, count: 1, expected: [{ node: { launch: 'new' }, count: 1 }] };
    const plan = planOf(cluster, [[launchOf('new'), ...removalOf(a, [toNew])]]);
    const after = applyPlan(cluster, plan, { market });
    const [, launched] = after.nodes;
    expect(launched).toMatchObject({
      uid: 'launch:plan:new',
      instanceType: 'm5.large',
      zone: 'us-east-1a',
      capacityType: 'on-demand',
      owner: { kind: 'karpenter', name: 'default', nodeClaim: 'launch-plan-new' },
    });
    expect(podsOf(after)).toContain('agent-launch-plan-new@launch-plan-new');
    expect(podsOf(after)).toContain('web-next@launch-plan-new');
    expect(after.nodeClaims.map(({ name }) => name)).toEqual(['claim-b', 'launch-plan-new']);
  });

  it('leaves a pod Pending that no node takes', () => {
    const alone = { ...cluster, nodes: [a, { ...b, unschedulable: true }] };
    const after = applyPlan(alone, planOf(alone, [removalOf(a, [drained(0, 1)])]));
    expect(podsOf(after)).toContain('web-next@-');
  });

  it('is the state itself for an empty plan, leaves its input alone, and gives the same bytes again', () => {
    expect(applyPlan(cluster, planOf(cluster, []))).toBe(cluster);
    const before = JSON.stringify(cluster);
    const plan = planOf(cluster, [removalOf(a, [drained(0, 1, b)])]);
    const after = JSON.stringify(applyPlan(cluster, plan));
    expect(JSON.stringify(cluster)).toBe(before);
    expect(JSON.stringify(applyPlan(cluster, plan))).toBe(after);
    expect(JSON.stringify(applyPlan(JSON.parse(before), JSON.parse(JSON.stringify(plan))))).toBe(after);
  });

  it('scales, suspends and resumes', () => {
    const scaled = applyPlan(cluster, planOf(cluster, [[{ kind: 'scale-workload', workload: ref, from: 2, to: 3 }]]));
    expect(scaled.workloads[0]).toMatchObject({ replicas: 3, readyReplicas: 3 });
    // The one that waited is the third that is asked for.
    const ofWeb = (after: typeof cluster) => podsOf(after).filter((name) => /^(web|waits)/.test(name));
    expect(ofWeb(scaled)).toEqual(['web-a@a', 'web-b@b', 'waits@a']);
    const asleep = applyPlan(
      cluster,
      planOf(cluster, [[{ kind: 'suspend-workload', workload: ref, priorReplicas: 2 }]]),
    );
    expect(asleep.workloads[0]?.replicas).toBe(0);
    expect(ofWeb(asleep)).toEqual([]);
    const awake = applyPlan(asleep, planOf(asleep, [[{ kind: 'resume-workload', workload: ref, replicas: 2 }]]));
    expect(ofWeb(awake)).toHaveLength(2);
  });

  it('resizes pods where they are, or rolls out new ones, by a template of their own', () => {
    const requests = { cpuMillicores: 250, memoryBytes: 1024 ** 3 };
    const resize = (method: 'in-place' | 'rollout'): Intent => ({
      kind: 'resize-workload',
      workload: ref,
      method,
      containers: [{ name: 'main', requests, prior: { requests: { cpuMillicores: 500, memoryBytes: 1024 ** 3 } } }],
    });
    const inPlace = applyPlan(cluster, planOf(cluster, [[resize('in-place')]]));
    expect(inPlace.podTemplates[2]?.needs.cpuMillicores).toBe(250);
    expect(inPlace.workloads[0]?.successorTemplate).toBe(2);
    expect(podsOf(inPlace)).toContain('web-a@a');
    const rolled = applyPlan(cluster, planOf(cluster, [[resize('rollout')]]));
    const fresh = rolled.pods.template.filter((at) => at === 2);
    expect([fresh.length, podsOf(rolled).includes('web-a@a')]).toEqual([2, false]);
  });

  it('keeps the names and claims of StatefulSet pods', () => {
    const stateful = state({
      nodes: [a, b],
      podTemplates: [template()],
      workloads: [deployment('db', 0, { kind: 'StatefulSet', replicas: 2 })],
      pods: [
        { name: 'db-0', template: 0, workload: 0, node: 0, extra: { claims: ['data-db-0'], labels: { pod: 'db-0' } } },
      ],
      persistentVolumeClaims: [{ namespace: 'default', name: 'data-db-0', phase: 'Bound', volume: 'pv' }],
      persistentVolumes: [{ name: 'pv', csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol' } }],
    });
    const after = applyPlan(stateful, planOf(stateful, [removalOf(a, [drained(0, 1, b)])]));
    expect([after.pods.name, after.pods.node, after.pods.extra[0]]).toEqual([
      ['db-0'],
      [0],
      { claims: ['data-db-0'], labels: { pod: 'db-0' } },
    ]);
    expect(after.persistentVolumeClaims).toHaveLength(1);
  });

  it('never counts a quota below nothing, although its live figure may lag behind', () => {
    const lagging = { namespace: 'default', name: 'quota', hard: { pods: 10 }, used: { pods: 0 } };
    const plan = planOf(cluster, [[{ kind: 'scale-workload', workload: ref, from: 2, to: 0 }]]);
    expect(applyPlan({ ...cluster, resourceQuotas: [lagging] }, plan).resourceQuotas[0]?.used).toEqual({ pods: 0 });
  });
  it('takes claims of ephemeral volumes away with their pod', () => {
    const scratch = template({ volumes: [{ kind: 'ephemeral', volume: 'scratch', storageClass: 'gp3' }] });
    const own = state({
      nodes: [a, b],
      podTemplates: [scratch],
      workloads: [web],
      pods: [{ name: 'web-a', template: 0, workload: 0, node: 0, extra: { claims: ['web-a-scratch'] } }],
      storageClasses: [{ name: 'gp3', provisioner: 'ebs.csi.aws.com', bindingMode: 'WaitForFirstConsumer' }],
      persistentVolumeClaims: [{ namespace: 'default', name: 'web-a-scratch', phase: 'Bound', volume: 'pv' }],
    });
    const after = applyPlan(own, planOf(own, [removalOf(a, [drained(0, 1, b)])]));
    expect([podsOf(after as typeof cluster), after.persistentVolumeClaims]).toEqual([['web-next@b'], []]);
  });

  it('counts node groups down and up', () => {
    const owner = { kind: 'asg' as const, name: 'workers' };
    const grouped = { ...cluster, nodes: [{ ...a, owner }, b], nodeGroups: [{ ...owner, desiredSize: 1 }] };
    const plan = planOf(grouped, [removalOf(grouped.nodes[0] as typeof a, [drained(0, 1, b)])]);
    expect(applyPlan(grouped, plan).nodeGroups[0]?.desiredSize).toBe(0);
  });

  it('throws InvalidPlan for a plan that names what is not there', () => {
    const plan = planOf(cluster, [removalOf(node('z'))]);
    expect(() => applyPlan(cluster, plan)).toThrow(InvalidPlan);
  });
});
