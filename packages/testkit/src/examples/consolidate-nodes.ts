import {
  createPriceBook,
  type DraftGroup,
  defineEngine,
  type Node,
  nodeRemoval,
  nodeSubject,
  type Reason,
} from '@cloudoptim/core';
import { canRemoveNode, createPlacement, nodeObstacles } from '@cloudoptim/scheduling';
import { z } from 'zod';
import { type Drain, drainsInOrder } from './drains-in-order.js';
import { isVerified } from './is-verified.js';

/** Decides on nodes, from the cluster: takes away nodes whose pods all fit on the others, the dearest first. */
export const consolidateNodes = defineEngine({
  id: 'example-consolidate-nodes',
  version: '1.0.0',
  contractVersion: 'v1',
  description: 'Removes nodes whose pods fit elsewhere.',
  considers: ['nodes'],
  requires: ['cluster', 'market'],
  options: z.object({}),
  async decide(request, context) {
    const { cluster, market, policy } = request;
    const prices = createPriceBook(market);
    const placement = createPlacement(cluster);
    const obstacles = nodeObstacles(placement, policy, context.now);
    const priceOf = (index: number) => prices.nodeUsdPerHour(cluster.nodes[index] as Node) ?? 0;
    const dearestFirst = cluster.nodes.map((_, index) => index).sort((a, b) => priceOf(b) - priceOf(a) || a - b);
    const kept = new Map<number, Reason>();
    let removed: number[] = [];
    let groups: readonly DraftGroup[] = [];
    // Once more after each success: what was too tight before may have room beside nodes chosen later.
    for (let before = -1; before < removed.length; ) {
      before = removed.length;
      for (const index of dearestFirst.filter((each) => !removed.includes(each))) {
        await context.spend(1);
        const obstacle =
          obstacles[index]?.[0]?.reason ??
          canRemoveNode(placement, index, policy, context.now, { alsoRemoved: removed })[0]?.reason ??
          (priceOf(index) === 0 ? saysNothing : undefined) ??
          (removed.length >= (policy.maxDisruption.nodes ?? Number.POSITIVE_INFINITY) ? limit : undefined);
        const drains =
          obstacle === undefined ? await drainsInOrder(cluster, [...removed, index], policy, context) : undefined;
        const proposed = groupsOf(drains ?? []);
        if (drains !== undefined && (await isVerified(request, proposed, context))) {
          removed = [...removed, index];
          groups = proposed;
          kept.delete(index);
        } else kept.set(index, obstacle ?? (drains === undefined ? noRoom : tooTight));
      }
    }
    const saved = removed.reduce((sum, index) => sum + priceOf(index), 0);
    if (saved < policy.minSavings.usdPerHour) {
      for (const index of removed) kept.set(index, tooLittle);
      groups = [];
    }
    const rejections = [...kept].map(([index, reason]) => ({
      reason,
      subjects: [nodeSubject(cluster.nodes[index] as Node)],
    }));
    return { groups, rejections };
  },
});

function groupsOf(drains: readonly Drain[]): DraftGroup[] {
  return drains.map(({ node, pods }) => ({ actions: nodeRemoval(node, [fits], pods) }));
}

const fits: Reason = { code: 'pods-fit-elsewhere', message: 'All its pods fit on nodes that stay.' };
const noRoom: Reason = { code: 'no-room-elsewhere', message: 'Some of its pods fit on no other node.' };
const tooTight: Reason = { code: 'too-tight', message: 'Its pods fit elsewhere only if kube-scheduler chooses well.' };
const saysNothing: Reason = { code: 'no-known-price', message: 'What it costs is not known, nor what it would save.' };
const limit: Reason = { code: 'max-disruption', message: 'The policy allows no more nodes to be removed by one plan.' };
const tooLittle: Reason = { code: 'below-min-savings', message: 'The plan would save less than the policy asks for.' };
