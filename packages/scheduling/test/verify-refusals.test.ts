import type { AdmissionWebhook, ClusterState, Intent, Node, PodTemplate, Workload } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, type PodSpec, type StateOptions, state, takenAtMs, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, policy, removalOf, verify } from './support/plan.js';

const web = template({ labels: { app: 'web' } });
const stays = node('stays');
const goes = node('goes');

interface Case extends StateOptions {
  readonly template?: PodTemplate;
  readonly owner?: Partial<Workload>;
  readonly pod?: Partial<PodSpec>;
  readonly goes?: Partial<Node>;
}

/** Node `goes` with one pod of a Deployment of three (the others stay), and room on node `stays`. */
function cluster({ template: own = web, owner = {}, pod = {}, goes: change = {}, ...parts }: Case = {}): ClusterState {
  return state({
    nodes: [stays, { ...goes, ...change }],
    podTemplates: [own],
    workloads: [deployment('web', 0, { replicas: 3, ...owner })],
    pods: [
      { name: 'web-1', template: 0, workload: 0, node: 1, ...pod },
      { name: 'web-2', template: 0, workload: 0, node: 0 },
      { name: 'web-3', template: 0, workload: 0, node: 0 },
    ],
    ...parts,
  });
}

/** Verifies that node `goes` is cordoned, drained of its one pod and removed. */
function drainOf(built: ClusterState, allowed = policy()) {
  const target = built.nodes[1] as Node;
  return verify(built, planOf(built, [removalOf(target, [drained(0, 1, built.nodes[0])])]), allowed);
}

const hpa = (change: object) => ({
  horizontalPodAutoscalers: [
    {
      namespace: 'default',
      name: 'web',
      target: { kind: 'Deployment', namespace: 'default', name: 'web' },
      minReplicas: 1,
      maxReplicas: 9,
      ...change,
    },
  ],
});

const bound = (local: boolean): StateOptions => ({
  persistentVolumeClaims: [{ namespace: 'default', name: 'data', phase: 'Bound', volume: 'pv', storageClass: 'gp3' }],
  persistentVolumes: [{ name: 'pv', local, csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol' } }],
});

const webhook: AdmissionWebhook = {
  name: 'policy.example.com',
  kind: 'validating',
  failurePolicy: 'Fail',
  service: { namespace: 'default', name: 'web' },
  matchesPods: true,
};
const budget = { namespace: 'default', selector: { matchLabels: { app: 'web' } }, minAvailable: 1 };
const open = { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 };

describe('verifyPlan', () => {
  it('verifies a drain that nothing forbids', () => {
    const verification = drainOf(cluster());
    expect(verification.refusals).toEqual([]);
    expect(verification).toMatchObject({ verdict: 'verified', robustness: 1, checked: { groups: 1, evictions: 1 } });
  });

  const annotated = (annotations: Record<string, string>) => ({
    template: template({ labels: { app: 'web' }, annotations }),
  });
  const refusals: readonly (readonly [code: string, parts: Case])[] = [
    ['rollout-in-progress', { owner: { rollout: 'in-progress' } }],
    ['rollout-in-progress', { owner: { rollout: 'paused', updatedReplicas: 1 } }],
    ['hpa-moving', hpa({ currentReplicas: 3, desiredReplicas: 5 })],
    ['single-replica-without-surge', { owner: { replicas: 1 } }],
    ['do-not-disrupt', annotated({ 'karpenter.sh/do-not-disrupt': 'true' })],
    ['do-not-disrupt', annotated({ 'karpenter.sh/do-not-disrupt': '2h' })],
    ['do-not-disrupt', { goes: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } } }],
    ['safe-to-evict', annotated({ 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' })],
    ['peer-opt-out', annotated({ 'descheduler.alpha.kubernetes.io/prefer-no-eviction': 'true' })],
    [
      'scale-down-disabled',
      { goes: { annotations: { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' } } },
    ],
    ['node-already-terminating', { goes: { deletionAtMs: takenAtMs } }],
    ['node-already-terminating', { nodeClaims: [{ name: 'claim-goes', deletionAtMs: takenAtMs }] }],
    ['node-not-ready', { goes: { ready: false } }],
    ['unknown-owner', { goes: { owner: { kind: 'unknown' } } }],
    ['bare-pod', { pod: { workload: -1 } }],
    ['job', { owner: { kind: 'Job' } }],
    ['static-pod', { pod: { extra: { mirror: true } } }],
    [
      'local-volume',
      { template: template({ labels: { app: 'web' }, volumes: [{ kind: 'claim', claim: 'data' }] }), ...bound(true) },
    ],
    ['host-path', { template: template({ labels: { app: 'web' }, volumes: [{ kind: 'host-path', path: '/var' }] }) }],
    ['unsupported-scheduling', { template: template({ labels: { app: 'web' }, schedulerName: 'volcano' }) }],
    ['unknown-successor', { owner: { successorTemplate: -1 } }],
    [
      'several-pdbs',
      {
        podDisruptionBudgets: [
          { ...budget, name: 'one', status: open },
          { ...budget, name: 'two', status: open },
        ],
      },
    ],
    [
      'pod-disruption-budget',
      { podDisruptionBudgets: [{ ...budget, name: 'one', status: { ...open, disruptionsAllowed: 0 } }] },
    ],
    ['pod-disruption-budget', { podDisruptionBudgets: [{ ...budget, name: 'unseen' }] }],
    [
      'pod-disruption-budget',
      {
        podDisruptionBudgets: [{ ...budget, name: 'stale', generation: 2, status: { ...open, observedGeneration: 1 } }],
      },
    ],
    [
      'webhook-backend-drained',
      {
        admissionWebhooks: [webhook],
        serviceBackends: [
          { namespace: 'default', service: 'web', pods: [{ namespace: 'default', name: 'web-1', ready: true }] },
        ],
      },
    ],
    [
      'quota-refuses-successor',
      { resourceQuotas: [{ namespace: 'default', name: 'q', hard: { pods: 2 }, used: { pods: 3 } }] },
    ],
    ['nodepool-budget', { nodePools: [{ name: 'default', budgets: [{ nodes: '0' }] }] }],
    [
      'nodepool-budget',
      { nodePools: [{ name: 'default', budgets: [{ nodes: '0', schedule: '0 9 * * *', durationSeconds: 8 * 3600 }] }] },
    ],
    ['node-group-min', { nodePools: [{ name: 'default', replicas: 2 }] }],
    [
      'node-group-min',
      {
        goes: { owner: { kind: 'asg', name: 'workers' } },
        nodeGroups: [{ kind: 'asg', name: 'workers', minSize: 1, maxSize: 3, desiredSize: 1 }],
      },
    ],
    ['drain-deadline', { template: template({ labels: { app: 'web' }, terminationGracePeriodSeconds: 3600 }) }],
    ['pod-without-a-place', { nodes: [node('stays', { unschedulable: true }), goes] }],
  ];
  it.each(refusals)('refuses %s (%#)', (code, parts) => {
    const verification = drainOf(cluster(parts));
    expect(verification.verdict).toBe('refused');
    expect(codesOf(verification)).toContain(code);
  });

  it('refuses last-CNI-or-DNS-replica, and lets one of several go', () => {
    const dns = template({ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } });
    const owner = deployment('coredns', 0, { namespace: 'kube-system', replicas: 2 });
    const parts = { nodes: [stays, goes], podTemplates: [dns], workloads: [owner] };
    const only = state({ ...parts, pods: [{ name: 'dns-1', template: 0, workload: 0, node: 1 }] });
    expect(codesOf(drainOf(only))).toContain('last-CNI-or-DNS-replica');
    const two = state({ ...parts, pods: [1, 0].map((at) => ({ template: 0, workload: 0, node: at })) });
    expect(codesOf(drainOf(two))).toEqual([]);
    // The other replica is on its way out; it was counted once, and the last one that stays was let go.
    const leaving = state({
      ...parts,
      pods: [
        { template: 0, workload: 0, node: 1 },
        { template: 0, workload: 0, node: 0, extra: { deletionAtMs: 1 } },
      ],
    });
    expect(codesOf(drainOf(leaving))).toContain('last-CNI-or-DNS-replica');
  });

  it('refuses empty-dir only where the policy pins it, and not for memory or listed volumes', () => {
    const withVolume = (change: object, annotations = {}) =>
      cluster({
        template: template({
          labels: { app: 'web' },
          annotations,
          volumes: [{ kind: 'empty-dir', volume: 'cache', ...change }],
        }),
      });
    const pinned = policy({ pins: { emptyDir: true } });
    expect(codesOf(drainOf(withVolume({})))).toEqual([]);
    expect(codesOf(drainOf(withVolume({}), pinned))).toEqual(['empty-dir']);
    expect(codesOf(drainOf(withVolume({ medium: 'Memory' }), pinned))).toEqual([]);
    const listed = { 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'logs,cache' };
    expect(codesOf(drainOf(withVolume({}, listed), pinned))).toEqual([]);
  });

  it('lets pins and opt-outs go where the policy says so', () => {
    const annotations = { 'karpenter.sh/do-not-disrupt': 'true' };
    const built = cluster({ template: template({ labels: { app: 'web' }, annotations }), owner: { replicas: 1 } });
    expect(
      codesOf(drainOf(built, policy({ optOuts: { doNotDisrupt: false }, pins: { singleReplica: false } }))),
    ).toEqual([]);
  });

  it('lets a do-not-disrupt duration run out', () => {
    const annotations = { 'karpenter.sh/do-not-disrupt': '30m' };
    expect(codesOf(drainOf(cluster({ template: template({ labels: { app: 'web' }, annotations }) })))).toEqual([]);
  });

  it('leaves pods of excluded namespaces where they are', () => {
    expect(codesOf(drainOf(cluster(), policy({ namespaces: { exclude: ['default'] } })))).toEqual([
      'namespace-excluded',
    ]);
    expect(codesOf(drainOf(cluster(), policy({ namespaces: { include: ['prod'] } })))).toEqual(['namespace-excluded']);
  });

  it('lets a NodePool budget forbid only inside its window', () => {
    const nodePools = [{ name: 'default', budgets: [{ nodes: '0', schedule: '0 20 * * *', durationSeconds: 3600 }] }];
    expect(codesOf(drainOf(cluster({ nodePools })))).toEqual([]);
  });

  it('lets one disruption go where a budget grants one, and gets it back with each Ready successor', () => {
    const one = {
      ...budget,
      name: 'one',
      minAvailable: 3,
      status: { ...open, disruptionsAllowed: 1, currentHealthy: 4, desiredHealthy: 3, expectedPods: 4 },
    };
    const built = state({
      nodes: [stays, goes],
      podTemplates: [web],
      workloads: [deployment('web', 0, { replicas: 4 })],
      pods: [1, 1, 0, 0].map((at) => ({ template: 0, workload: 0, node: at })),
      podDisruptionBudgets: [one],
    });
    const plan = planOf(built, [removalOf(goes, [drained(0, 2, stays)])]);
    expect(verify(built, plan).refusals).toEqual([]);
  });
});

describe('verifyPlan on launches', () => {
  const small = { cpu: 1, memory: 4, maxPods: 10 };
  const daemon = (cpu: number, tolerations: PodTemplate['tolerations'] = []) =>
    template({ namespace: 'kube-system', labels: { app: 'agent' }, cpu, tolerations: tolerations ?? [] });
  const withDaemonSet = (pod: PodTemplate, more: StateOptions = {}) =>
    cluster({
      nodes: [node('stays', small), goes],
      podTemplates: [web, pod],
      workloads: [
        deployment('web', 0, { replicas: 3 }),
        deployment('agent', 1, { kind: 'DaemonSet', namespace: 'kube-system', scalable: false }),
      ],
      ...more,
    });
  const replacement = (built: ClusterState, change: object = {}, pods = [drained(0, 1)]) =>
    planOf(built, [[launchOf('new', change), ...removalOf(built.nodes[1] as Node, pods)]]);

  it('verifies one cheaper node in place of another', () => {
    const built = withDaemonSet(daemon(100));
    const plan = planOf(built, [
      [
        launchOf('new'),
        ...removalOf(goes, [{ template: 0, count: 1, expected: [{ node: { launch: 'new' }, count: 1 }] }]),
      ],
    ]);
    expect(verify(built, plan).refusals).toEqual([]);
    expect(plan.savingsUsdPerHour.point).toBe(0.1);
  });
  it('refuses daemonset-does-not-fit-new-node', () => {
    const built = withDaemonSet(daemon(1950));
    expect(codesOf(verify(built, replacement(built)))).toContain('daemonset-does-not-fit-new-node');
  });
  it('does not expect a DaemonSet where its affinity or taints keep it away', () => {
    const built = withDaemonSet({ ...daemon(1950), nodeSelector: { disk: 'ssd' } });
    expect(codesOf(verify(built, replacement(built)))).toEqual([]);
  });
  const startup = (built: ClusterState) => {
    const taint = { key: 'node.cilium.io/agent-not-ready', effect: 'NoExecute' as const };
    const change = launchOf('new') as Extract<Intent, { kind: 'launch-node' }>;
    return replacement(built, { template: { ...change.template, startupTaints: [taint] } });
  };
  it('refuses startup-taint when nothing on the node could remove it', () => {
    const built = withDaemonSet(daemon(100));
    expect(codesOf(verify(built, startup(built)))).toEqual(['startup-taint']);
    const tolerating = withDaemonSet(daemon(100, [{ operator: 'Exists' }]));
    expect(codesOf(verify(tolerating, startup(tolerating)))).toEqual([]);
  });
  it('refuses attach-slots-on-new-node when the launch does not say how many there are', () => {
    const built = cluster({
      nodes: [node('stays', { ...small, unschedulable: true }), goes],
      template: template({ labels: { app: 'web' }, volumes: [{ kind: 'claim', claim: 'data' }] }),
      ...bound(false),
    });
    const { csiDrivers: _, ...silent } = (launchOf('new') as Extract<Intent, { kind: 'launch-node' }>).template;
    expect(codesOf(verify(built, replacement(built, { template: silent })))).toEqual(['attach-slots-on-new-node']);
    expect(codesOf(verify(built, replacement(built)))).toEqual([]);
  });
  it('refuses what the NodePool’s limits or the group’s size do not allow', () => {
    const limited = cluster({ nodePools: [{ name: 'default', limits: { cpu: 8000 }, usage: { cpu: 8000 } }] });
    expect(codesOf(verify(limited, replacement(limited)))).toContain('nodepool-limits');
    const full = cluster({ nodeGroups: [{ kind: 'asg', name: 'workers', minSize: 0, maxSize: 2, desiredSize: 2 }] });
    expect(codesOf(verify(full, replacement(full, { via: { kind: 'asg', name: 'workers' } })))).toContain(
      'node-group-max',
    );
  });
  it('refuses offerings that the policy, the market or the cap do not allow', () => {
    const built = cluster();
    const offering = (change: object) => ({
      offerings: [
        {
          instanceType: 'm5.large',
          zone: 'us-east-1a',
          capacityType: 'on-demand',
          priceCapUsdPerHour: 0.11,
          ...change,
        },
      ],
    });
    const codes = (change: object, allowed = policy()) =>
      codesOf(verify(built, replacement(built, offering(change)), allowed));
    expect(codes({ instanceType: 'x1.huge' })).toContain('unpriced-launch');
    expect(codes({ capacityType: 'spot' })).toContain('unpriced-launch');
    expect(codes({ priceCapUsdPerHour: 0.05 })).toEqual(['price-above-cap']);
    expect(codes({ zone: 'us-east-1c' })).toEqual(['offering-not-allowed']);
    expect(codes({}, policy({ allowedOfferings: { instanceTypes: ['m6i.*'] } }))).toEqual(['offering-not-allowed']);
    expect(codes({}, policy({ allowedOfferings: { excludeInstanceTypes: ['m5.*'] } }))).toEqual([
      'offering-not-allowed',
    ]);
    expect(codes({}, policy({ allowedOfferings: { architectures: ['arm64'] } }))).toEqual(['offering-not-allowed']);
  });
});

describe('verifyPlan on workloads', () => {
  const ref = { kind: 'Deployment', namespace: 'default', name: 'web' };
  const surge: Intent = { kind: 'surge-workload', workload: ref, from: 1, to: 2, node: { uid: goes.uid } };
  const single = (parts: Case = {}) =>
    cluster({ owner: { replicas: 1 }, pods: [{ name: 'web-1', template: 0, workload: 0, node: 1 }], ...parts });
  const surged = (built: ClusterState) => planOf(built, [[surge, ...removalOf(goes)]]);

  it('lets a single replica move when it is surged first', () => {
    const built = single();
    expect(verify(built, surged(built)).refusals).toEqual([]);
  });
  it('refuses a surge under an autoscaler or GitOps, and of what cannot choose which pod goes', () => {
    const scaled = single(hpa({}));
    expect(codesOf(verify(scaled, surged(scaled)))).toContain('autoscaler-owns-replicas');
    const managed = single({ owner: { replicas: 1, gitOps: 'argocd' } });
    expect(codesOf(verify(managed, surged(managed)))).toEqual(['gitops-reverts']);
  });

  const resize = (cpuMillicores: number, method: 'in-place' | 'rollout'): Intent => {
    const requests = { cpuMillicores, memoryBytes: 1024 ** 3 };
    return {
      kind: 'resize-workload',
      workload: ref,
      method,
      containers: [{ name: 'main', requests, prior: { requests: web.needs } }],
    };
  };
  it('refuses rollout-surge-does-not-fit', () => {
    const strategy = { type: 'RollingUpdate' as const, maxSurge: 1, maxUnavailable: 0 };
    const built = cluster({ owner: { strategy } });
    expect(codesOf(verify(built, planOf(built, [[resize(3900, 'rollout')]])))).toEqual(['rollout-surge-does-not-fit']);
    expect(codesOf(verify(built, planOf(built, [[resize(600, 'rollout')]])))).toEqual([]);
  });
  it('refuses a resize in place that its node has no room for', () => {
    const built = cluster();
    expect(codesOf(verify(built, planOf(built, [[resize(2500, 'in-place')]])))).toEqual(['resize-does-not-fit']);
    expect(codesOf(verify(built, planOf(built, [[resize(1000, 'in-place')]])))).toEqual([]);
  });
  it('refuses to scale what an autoscaler scales, except to zero', () => {
    const built = cluster(hpa({ currentReplicas: 3, desiredReplicas: 3 }));
    const to = (replicas: number) =>
      codesOf(verify(built, planOf(built, [[{ kind: 'scale-workload', workload: ref, from: 3, to: replicas }]])));
    expect(to(2)).toEqual(['autoscaler-owns-replicas']);
    expect(to(0)).toEqual([]);
  });
  it('refuses to act on a number of replicas that is not so', () => {
    const built = cluster();
    const plan = planOf(built, [[{ kind: 'scale-workload', workload: ref, from: 2, to: 1 }]]);
    expect(codesOf(verify(built, plan))).toEqual(['facts-differ']);
  });
});
