import {
  type Action,
  type ClusterState,
  createContext,
  createPriceBook,
  type Market,
  type Offering,
  type Plan,
} from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';
import { applyPlan } from '@cloudoptim/scheduling';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { askKarpenter, type KarpenterQuestion, karpenterProgram } from '../../benchmarks/peers/karpenter.js';

const gib = 2 ** 30;

let program: string;

const apart = {
  required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } }],
};

/** Nine m5.2xlarge with one pod each, which want a node of their own and would fit a smaller one, beside a full r5.large that stays. */
function cluster(): ClusterState {
  return buildCluster()
    .addNodePool({ name: 'default', budgets: [{ nodes: '100%' }] })
    .addNodes(9, { instanceType: 'm5.2xlarge' })
    .addNode({ instanceType: 'r5.large', annotations: { 'karpenter.sh/do-not-disrupt': 'true' } })
    .addWorkload({
      name: 'web',
      replicas: 9,
      cpuMillicores: 1100,
      memoryBytes: 9 * gib,
      template: { labels: { app: 'web' }, podAntiAffinity: apart },
      on: [...new Array(9).keys()].map((index) => `node-${index}`),
    })
    .addWorkload({ name: 'cache', replicas: 2, cpuMillicores: 900, memoryBytes: 7 * gib, on: ['node-9', 'node-9'] })
    .build();
}

/** A market in which the account pays less for a type than the list says. */
function discounted(state: ClusterState, instanceType: string, usdPerHour: number): Market {
  const change = (offering: Offering): Offering =>
    offering.instanceType === instanceType
      ? { ...offering, listUsdPerHour: offering.priceUsdPerHour, priceUsdPerHour: usdPerHour }
      : offering;
  return createMarket(state, { change });
}

async function planFor(state: ClusterState, market: Market): Promise<Plan> {
  const context = createContext({ now: state.takenAtMs, seed: 0 });
  const options = { emit: 'nodepools' };
  return (await new BinpackEngine().analyze({ cluster: state, market, options }, context)).plan;
}

/** What the plan has Karpenter do, as a question to it: for the pods that go to new nodes, with the pool as the plan narrows it. */
function askAbout(state: ClusterState, market: Market, plan: Plan, given: KarpenterQuestion = {}) {
  const after = applyPlan(state, plan, { market });
  const added = new Set(after.nodes.flatMap(({ uid }, index) => (uid.startsWith('launch:') ? [index] : [])));
  const actions = plan.groups.flatMap((group) => group.actions);
  const narrowed = actions.find((action) => action.kind === 'configure-nodepool');
  return askKarpenter(program, after, market, {
    pods: new Set(after.pods.name.flatMap((_, pod) => (added.has(after.pods.node[pod] as number) ? [pod] : []))),
    nodePool: {
      metadata: { name: 'default' },
      ...(narrowed?.kind === 'configure-nodepool' && (narrowed.patch as object)),
    },
    nodeOverlays: actions.flatMap((action: Action) =>
      action.kind === 'configure-nodeoverlay' ? [{ metadata: { name: action.nodeOverlay }, spec: action.spec }] : [],
    ),
    claims: state.nodes.map(({ labels }) => labels),
    listPrices: true,
    ...given,
  });
}

/** What the launches of the plan cost by the market's own prices. */
function launchedUsdPerHour(plan: Plan, market: Market): number {
  const prices = createPriceBook(market);
  return plan.groups
    .flatMap(({ actions }) => actions)
    .reduce(
      (sum, action) => sum + (action.kind === 'launch-node' ? (prices.usdPerHour(action.offerings[0]) ?? 0) : 0),
      0,
    );
}

beforeAll(async () => {
  program = await karpenterProgram();
});

describe('a plan that is carried out by Karpenter', () => {
  it('has those nodes drift that go, and no other', async () => {
    const state = cluster();
    const market = createMarket(state, {});
    const plan = await planFor(state, market);
    const { drifted } = await askAbout(state, market, plan);
    const removed = new Set(
      plan.groups.flatMap(({ actions }) =>
        actions.flatMap((action) =>
          action.kind === 'delete-nodeclaim' && 'uid' in action.node ? [action.node.uid] : [],
        ),
      ),
    );
    expect(removed.size).toBeGreaterThan(0);
    expect(state.nodes.filter((_, index) => drifted[index])).toEqual(state.nodes.filter(({ uid }) => removed.has(uid)));
  });

  it('has Karpenter launch what the plan says, for no more than it says', async () => {
    const state = cluster();
    const market = createMarket(state, {});
    const plan = await planFor(state, market);
    const real = await askAbout(state, market, plan);
    const said = launchedUsdPerHour(plan, market);
    console.log(`Karpenter: ${real.nodes.length} nodes, ${real.usdPerHour} USD/h; the plan: ${said} USD/h`);
    expect(real.unscheduled).toBe(0);
    expect(real.usdPerHour).toBeGreaterThan(0);
    expect(real.usdPerHour).toBeLessThanOrEqual(said + 1e-9);
    const launched = plan.groups.flatMap(({ actions }) =>
      actions.flatMap((action) =>
        action.kind === 'launch-node' ? action.offerings.map(({ instanceType }) => instanceType) : [],
      ),
    );
    for (const { instanceType } of real.nodes) expect([...launched, 'r5.large']).toContain(instanceType);
  });

  // Karpenter knows list prices alone: at those it launches r5.large, for which the account pays more.
  it('tells Karpenter by an overlay of a price that it does not know', async () => {
    const state = cluster();
    const market = discounted(state, 'm5.xlarge', 0.06);
    const plan = await planFor(state, market);
    const real = await askAbout(state, market, plan);
    const blind = await askAbout(state, market, plan, { nodeOverlays: [] });
    const said = launchedUsdPerHour(plan, market);
    console.log(
      `Karpenter: ${real.usdPerHour} USD/h; the plan: ${said} USD/h; without the overlay: ${blind.usdPerHour} USD/h`,
    );
    expect(real.unscheduled).toBe(0);
    expect(real.usdPerHour).toBeLessThanOrEqual(said + 1e-9);
    expect(new Set(real.nodes.map(({ instanceType }) => instanceType))).toEqual(new Set(['m5.xlarge']));
    expect(new Set(blind.nodes.map(({ instanceType }) => instanceType))).toEqual(new Set(['r5.large']));
    expect(blind.usdPerHour).toBeGreaterThan(real.usdPerHour);
  });

  it('is refused in Karpenter’s own words where an overlay is not valid', async () => {
    const state = cluster();
    const market = createMarket(state, {});
    const nodeOverlays = [
      {
        metadata: { name: 'bad' },
        spec: { requirements: [{ key: 'a b', operator: 'In', values: ['x'] }], price: '1' },
      },
    ];
    await expect(askKarpenter(program, state, market, { nodeOverlays })).rejects.toThrow(
      /NodeOverlay bad is not valid/,
    );
  });
});
