import { buildCluster, type ClusterBuilder } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { actionsOf, analyzeCluster, rejectionOf, removedNodes } from './analyze-cluster.js';

const gib = 2 ** 30;
/** One m5.xlarge for $0.20 with two pods of 500m: an m5.large for $0.10 would do. */
const oneNode = (change: (builder: ClusterBuilder) => ClusterBuilder = (same) => same) =>
  change(buildCluster().addNode()).addWorkload({
    name: 'web',
    replicas: 2,
    cpuMillicores: 500,
    memoryBytes: 2 * gib,
    on: ['node-0', 'node-0'],
  });

/** Two m5.xlarge that are full of cpu and of memory, with two sorts of pods. */
const twoSorts = () =>
  buildCluster()
    .addNodes(2)
    .addWorkload({ name: 'busy', replicas: 2, cpuMillicores: 1900, memoryBytes: gib, on: ['node-0', 'node-1'] })
    .addWorkload({
      name: 'cache',
      replicas: 2,
      cpuMillicores: 200,
      memoryBytes: 7.25 * gib,
      on: ['node-0', 'node-1'],
    });

describe('replacement', () => {
  test('one node makes way for the cheapest that holds its pods', async () => {
    const plan = await analyzeCluster(oneNode(), { market: {} });
    expect(actionsOf(plan, 'launch-node')).toMatchObject([
      // c5.large ($0.085) has too little memory beside what the system keeps: 3 GiB for 4.
      { offerings: [{ instanceType: 'm5.large' }], template: { architecture: 'amd64', zones: ['us-east-1a'] } },
    ]);
    expect(removedNodes(plan)).toEqual(['node-0']);
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(0.1, 9);
  });

  test('several nodes make way for one that holds the pods of all', async () => {
    const plan = await analyzeCluster(
      buildCluster()
        .addNodes(3, { instanceType: 'm5.large' })
        .addWorkload({ name: 'web', replicas: 3, cpuMillicores: 1200, on: ['node-0', 'node-1', 'node-2'] }),
      {
        market: {
          change: (offering) =>
            offering.instanceType === 'm5.xlarge' ? { ...offering, priceUsdPerHour: 0.15 } : offering,
          instanceTypes: ['m5.large', 'm5.xlarge'],
        },
      },
    );
    expect(actionsOf(plan, 'launch-node')).toHaveLength(1);
    expect(removedNodes(plan).sort()).toEqual(['node-0', 'node-1', 'node-2']);
    expect(plan.savingsUsdPerHour.point).toBeCloseTo(0.15, 9);
  });

  // No offering holds the pods of one node for less than it costs, nor the pods of both.
  test('two nodes make way for two of other kinds, each for its own sort of pods', async () => {
    const plan = await analyzeCluster(twoSorts(), {
      market: { instanceTypes: ['m5.xlarge', 'c5.xlarge', 'r5.large'] },
    });
    const launched = actionsOf(plan, 'launch-node').flatMap((action) =>
      action.kind === 'launch-node' ? [action.offerings[0].instanceType] : [],
    );
    expect(launched.sort()).toEqual(['c5.xlarge', 'r5.large']);
    expect(removedNodes(plan).sort()).toEqual(['node-0', 'node-1']);
    expect(plan.groups).toHaveLength(1);
    expect(plan.groups[0]?.actions.map(({ kind }) => kind).slice(0, 4)).toEqual([
      'launch-node',
      'launch-node',
      'cordon-node',
      'cordon-node',
    ]);
    expect(plan.groups[0]?.actions[0]?.reasons[0]).toMatchObject({
      code: 'cheaper-replacement',
      numbers: { nodes: 2, launches: 2, evictions: 4 },
    });
  });

  describe('while pods wait', () => {
    const types = ['m5.xlarge', 'c5.xlarge', 'r5.large'];

    // One pod with a selector that no node will ever meet used to stop all exchanges.
    test('a pod that no node would take stops nothing', async () => {
      const lost = { nodeSelector: { disk: 'none-has-this' } };
      const plan = await analyzeCluster(twoSorts().addWorkload({ name: 'lost', replicas: 1, template: lost }), {
        market: { instanceTypes: types },
      });
      expect(actionsOf(plan, 'launch-node')).toHaveLength(2);
    });

    test('a pod that new nodes would take has its room on them', async () => {
      const only = { nodeSelector: { 'node.kubernetes.io/instance-type': 'c5.xlarge' } };
      const builder = buildCluster()
        .addNodes(2, { instanceType: 'm5.4xlarge' })
        .addWorkload({
          name: 'web',
          replicas: 8,
          cpuMillicores: 3500,
          on: [0, 1, 0, 1, 0, 1, 0, 1].map((n) => `node-${n}`),
        });
      const market = { instanceTypes: ['m5.4xlarge', 'c5.xlarge'] };
      expect(actionsOf(await analyzeCluster(builder, { market }), 'launch-node')).toHaveLength(8);
      // One of those would take it before the pods for which they are made.
      builder.addWorkload({ name: 'late', replicas: 1, cpuMillicores: 3000, template: only });
      expect(actionsOf(await analyzeCluster(builder, { market }), 'launch-node')).toHaveLength(9);
    });
  });

  test('room is kept for the DaemonSets that land on the new node', async () => {
    const plan = await analyzeCluster(
      oneNode((builder) => builder.addWorkload({ name: 'agent', kind: 'DaemonSet', cpuMillicores: 1000 })),
      { market: { instanceTypes: ['m5.large'] } },
    );
    // 1,900m less 1,000m of the agent hold one pod of 500m, not two.
    expect(actionsOf(plan, 'launch-node')).toEqual([]);
  });

  test('a new node keeps the architecture of the old one, whatever is cheaper', async () => {
    const plan = await analyzeCluster(oneNode(), { market: { instanceTypes: ['m6g.large'] } });
    expect(plan.groups).toEqual([]);
  });

  test('options.architectures as-scheduled lets it change, unless a pod asks for the old one', async () => {
    const question = {
      options: { architectures: 'as-scheduled' },
      market: { instanceTypes: ['m5.large', 'm6g.large'] },
    };
    const anywhere = await analyzeCluster(oneNode(), question);
    expect(actionsOf(anywhere, 'launch-node')).toMatchObject([
      { offerings: [{ instanceType: 'm6g.large' }], template: { architecture: 'arm64' } },
    ]);
    const pinned = await analyzeCluster(
      oneNode((builder) =>
        builder.addWorkload({
          name: 'amd64-only',
          replicas: 2,
          cpuMillicores: 100,
          on: ['node-0', 'node-0'],
          template: { nodeSelector: { 'kubernetes.io/arch': 'amd64' } },
        }),
      ),
      question,
    );
    expect(actionsOf(pinned, 'launch-node')).toMatchObject([{ offerings: [{ instanceType: 'm5.large' }] }]);
  });

  test('a new node keeps the capacity type of the old one', async () => {
    const plan = await analyzeCluster(oneNode(), { market: { instanceTypes: ['m5.large'], capacityTypes: ['spot'] } });
    expect(plan.groups).toEqual([]);
  });

  test.each([
    ['allowed types', { allowedOfferings: { instanceTypes: ['c5.*'] } }, ['c5.xlarge']],
    ['excluded types', { allowedOfferings: { excludeInstanceTypes: ['m5.large', 'c5.*'] } }, ['r5.large']],
    ['zones', { allowedOfferings: { zones: ['us-east-1c'] } }, ['m5.large']],
    ['zones without offers', { allowedOfferings: { zones: ['eu-west-1a'] } }, []],
  ])('the policy restricts what is launched: %s', async (_, policy, cheapest) => {
    const plan = await analyzeCluster(oneNode(), { market: {}, policy });
    const launches = actionsOf(plan, 'launch-node').flatMap((action) =>
      'offerings' in action ? [action.offerings] : [],
    );
    expect(launches.map((offerings) => offerings[0]?.instanceType)).toEqual(cheapest);
    const { zones } = { zones: [], ...policy.allowedOfferings };
    if (zones.length > 0)
      expect(launches.flat().every(({ zone }) => zones.some((allowed) => allowed === zone))).toBe(true);
  });

  test('the requirements of the NodePool restrict what is launched', async () => {
    const requirements = [
      { key: 'karpenter.k8s.aws/instance-family', operator: 'In' as const, values: ['r5'] },
      { key: 'topology.kubernetes.io/zone', operator: 'NotIn' as const, values: ['us-east-1a'] },
    ];
    const plan = await analyzeCluster(
      oneNode((builder) => builder.addNodePool({ name: 'default', requirements })),
      { market: {} },
    );
    expect(actionsOf(plan, 'launch-node')).toMatchObject([
      { offerings: [{ instanceType: 'r5.large', zone: 'us-east-1b' }], template: { zones: ['us-east-1b'] } },
    ]);
  });

  test('a NodePool at its limit launches nothing, since old and new stand side by side for a while', async () => {
    const pool = { name: 'default', limits: { cpu: 4000 }, usage: { cpu: 4000 } };
    const plan = await analyzeCluster(
      oneNode((builder) => builder.addNodePool(pool)),
      { market: {} },
    );
    expect(plan.groups).toEqual([]);
  });

  test('a pool that was not listed is launched into by nobody', async () => {
    const plan = await analyzeCluster(
      oneNode((builder) => builder.with({ nodePools: [] })),
      { market: {} },
    );
    expect(actionsOf(plan, 'launch-node')).toEqual([]);
  });

  test('an offering without a price is not free', async () => {
    const plan = await analyzeCluster(oneNode(), {
      market: {
        change: (offering) =>
          offering.instanceType === 'm5.xlarge' ? offering : { ...offering, priceUsdPerHour: null },
      },
    });
    expect(plan.groups).toEqual([]);
  });

  test('alternatives are listed as far as the premium cap goes, and each is as large as the one assumed', async () => {
    const market = { instanceTypes: ['m5.large', 'r5.large'] };
    const careful = await analyzeCluster(oneNode(), { market, policy: { pricePremiumCap: 0.25 } });
    const [launch] = actionsOf(careful, 'launch-node');
    expect(launch).toMatchObject({
      offerings: [
        { instanceType: 'm5.large', priceCapUsdPerHour: 0.1 },
        { instanceType: 'r5.large', priceCapUsdPerHour: 0.125 },
      ],
    });
    // What all listed types have in common is promised, and nothing else.
    expect(launch && 'template' in launch && Object.keys(launch.template).length > 0).toBe(true);
    expect(JSON.stringify(launch && 'template' in launch ? launch.template : '')).not.toContain('instance-type');
    const strict = await analyzeCluster(oneNode(), { market, policy: { pricePremiumCap: 0.1 } });
    expect(actionsOf(strict, 'launch-node')).toMatchObject([{ offerings: [{ instanceType: 'm5.large' }] }]);
  });

  test('options.replace false leaves it alone', async () => {
    const plan = await analyzeCluster(oneNode(), { market: {}, options: { replace: false } });
    expect(plan.groups).toEqual([]);
    expect(rejectionOf(plan, 'node-0')?.code).toBe('no-room');
  });
});
