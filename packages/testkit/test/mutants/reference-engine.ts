import {
  type ClusterState,
  createPriceBook,
  type Decision,
  type DecisionContext,
  type DecisionEngine,
  type DraftGroup,
  defineEngine,
  type Market,
  type Node,
  nodeRemoval,
  type Policy,
  type Reason,
  type Rejection,
} from '@cloudoptim/core';
import { canRemoveNode, createPlacement, nodeObstacles } from '@cloudoptim/scheduling';
import { z } from 'zod';
import { isVerified } from '../../src/examples/is-verified.js';
import { type Launched, launchesFor } from './launches.js';
import { type Drained, trial } from './trial.js';

/** What the reference decides from, so that a mutant can be shown another world than the one it is asked about. */
export interface World {
  readonly cluster: ClusterState;
  readonly market: Market;
  readonly policy: Policy;
}

/** How a variation differs from the reference. */
export interface Variation {
  /** The world as the engine sees it. */
  readonly sees?: (world: World) => World;
  /** What becomes of its decision. */
  readonly decides?: (decision: Decision, world: World, context: DecisionContext) => Decision;
  /** The context as the engine uses it. */
  readonly uses?: (context: DecisionContext) => DecisionContext;
  /** DaemonSet pods are left out of the room on new nodes. */
  readonly forgetsDaemonSets?: boolean;
}

/** A correct engine on nodes (removals, and replacements by a smaller, cheaper node), or a variation of it. */
export function createReferenceEngine(id: string, variation: Variation = {}): DecisionEngine {
  return defineEngine({
    id,
    version: '1.0.0',
    contractVersion: 'v1',
    considers: ['nodes'],
    requires: ['cluster', 'market'],
    options: z.object({}),
    async decide(request, context) {
      const world = (variation.sees ?? ((same) => same))(request);
      const used = (variation.uses ?? ((same) => same))(context);
      const decision = await decideOnNodes(world, used, variation.forgetsDaemonSets === true);
      return variation.decides?.(decision, request, context) ?? decision;
    },
  });
}

interface Chosen {
  readonly node: number;
  readonly launch?: Launched;
}

async function decideOnNodes(world: World, context: DecisionContext, forgetsDaemonSets: boolean): Promise<Decision> {
  const { cluster, market, policy } = world;
  const prices = createPriceBook(market);
  const placement = createPlacement(cluster);
  const obstacles = nodeObstacles(placement, policy, context.now);
  const priceOf = (node: number) => prices.nodeUsdPerHour(cluster.nodes[node] as Node);
  const order = cluster.nodes.map((_, node) => node).sort((a, b) => (priceOf(b) ?? 0) - (priceOf(a) ?? 0) || a - b);
  const why = new Map<number, Reason>();
  let chosen: Chosen[] = [];
  let drains: readonly Drained[] = [];

  const attempt = async (next: Chosen): Promise<boolean> => {
    const found = await trial(cluster, [...chosen, next], policy, context);
    if (found === undefined) return false;
    const request = { contractVersion: 'v1' as const, policy, options: {}, cluster, market };
    const groups = found.map((drain) => groupOf(cluster, drain));
    // Whoever forgets DaemonSets does not have them checked either.
    if (!forgetsDaemonSets && !(await isVerified(request, groups, context))) return false;
    chosen = [...chosen, next];
    drains = found;
    return true;
  };
  // Once more after each success: what was too tight before may have room beside nodes chosen later.
  for (let before = -1; before < chosen.length; ) {
    before = chosen.length;
    for (const replace of [false, true]) {
      for (const node of order) {
        if (chosen.some((each) => each.node === node)) continue;
        await context.spend(1);
        const alsoRemoved = chosen.map((each) => each.node);
        const obstacle =
          obstacles[node]?.[0]?.reason ??
          ((cluster.nodes[node] as Node).createdAtMs + anHour > context.now ? reasons.young : undefined) ??
          canRemoveNode(placement, node, policy, context.now, { alsoRemoved })[0]?.reason ??
          ((priceOf(node) ?? 0) > 0 ? undefined : reasons.unpriced) ??
          (chosen.length < (policy.maxDisruption.nodes ?? Number.POSITIVE_INFINITY) ? undefined : reasons.limit);
        why.set(node, obstacle ?? reasons.noRoom);
        if (obstacle !== undefined) continue;
        const ways = replace
          ? launchesFor(world, node, forgetsDaemonSets).map((launch) => ({ node, launch }))
          : [{ node }];
        for (const way of ways) {
          if (!(await attempt(way))) continue;
          why.delete(node);
          break;
        }
      }
    }
  }
  return settle(world, drains, why);
}

/** Groups and rejections, or rejections alone where the savings are below what the policy asks for. */
function settle({ cluster, market, policy }: World, drains: readonly Drained[], why: Map<number, Reason>): Decision {
  const prices = createPriceBook(market);
  const saved = ({ node, launch }: Drained) =>
    (prices.nodeUsdPerHour(cluster.nodes[node] as Node) ?? 0) - (launch?.offering.priceCapUsdPerHour ?? 0);
  const total = drains.reduce((sum, drain) => sum + saved(drain), 0);
  const perEviction = policy.minSavings.usdPerHourPerEviction;
  const tooLittle = drains.some((drain) => saved(drain) < perEviction * drain.evictions);
  const isWorthIt = total >= policy.minSavings.usdPerHour && !tooLittle;
  if (!isWorthIt) for (const { node } of drains) why.set(node, reasons.tooLittle);
  const rejections = [...why].map(([node, reason]): Rejection => {
    const { uid, name } = cluster.nodes[node] as Node;
    return { reason, subjects: [{ kind: 'node', uid, name }] };
  });
  return { groups: isWorthIt ? drains.map((drain) => groupOf(cluster, drain)) : [], rejections };
}

function groupOf(cluster: ClusterState, { node: index, launch, pods }: Drained): DraftGroup {
  const because = [launch === undefined ? reasons.fitsElsewhere : reasons.cheaperNode] as const;
  const actions = nodeRemoval(cluster.nodes[index] as Node, because, pods);
  return { actions: launch === undefined ? actions : [{ ...launch.intent, reasons: because }, ...actions] };
}

const anHour = 3_600_000;

const reasons = {
  // A node that was just launched is given time to fill, or one replacement would follow the other down the price list.
  young: { code: 'young-node', message: 'It is less than an hour old.' },
  fitsElsewhere: { code: 'pods-fit-elsewhere', message: 'All its pods fit on nodes that stay.' },
  cheaperNode: { code: 'cheaper-node', message: 'A cheaper node has room for its pods.' },
  noRoom: { code: 'no-room-elsewhere', message: 'Some of its pods fit on no other node.' },
  unpriced: { code: 'no-known-price', message: 'What it costs is not known.' },
  limit: { code: 'max-disruption', message: 'The policy allows no more nodes to be removed by one plan.' },
  tooLittle: { code: 'below-min-savings', message: 'It saves less than the policy asks for.' },
} as const satisfies Record<string, Reason>;
