import { createPriceBook, type Draft, defineEngine, type Reason, type Rejection, type Subject } from '@cloudoptim/core';
import { canRemoveNode, createPlacement, nodeObstacles } from '@cloudoptim/scheduling';
import { z } from 'zod';
import { drainsInOrder } from './drains-in-order.js';

/** Decides on nodes, from the cluster: takes away nodes whose pods all fit on the others, the dearest first. */
export const consolidateNodes = defineEngine({
  id: 'example-consolidate-nodes',
  version: '1.0.0',
  contractVersion: 'v1',
  description: 'Removes nodes whose pods fit elsewhere.',
  considers: ['nodes'],
  requires: ['cluster', 'market'],
  options: z.object({}),
  async decide({ cluster, market, policy }, context) {
    const prices = createPriceBook(market);
    const placement = createPlacement(cluster);
    const obstacles = nodeObstacles(placement, policy, context.now);
    const rejections: Rejection[] = [];
    const order = cluster.nodes
      .map((node, index) => ({ node, index, usdPerHour: prices.nodeUsdPerHour(node) ?? 0 }))
      .sort((a, b) => b.usdPerHour - a.usdPerHour || a.index - b.index);
    let removed: number[] = [];
    let plan: NonNullable<Awaited<ReturnType<typeof drainsInOrder>>> = [];
    for (const { node, index, usdPerHour } of order) {
      await context.spend(1);
      const subject: Subject = { kind: 'node', uid: node.uid, name: node.name };
      const obstacle =
        obstacles[index]?.[0]?.reason ??
        canRemoveNode(placement, index, policy, context.now, { alsoRemoved: removed })[0]?.reason ??
        (usdPerHour === 0 ? unpriced : undefined) ??
        (removed.length >= (policy.maxDisruption.nodes ?? Number.POSITIVE_INFINITY) ? limit : undefined);
      const drains =
        obstacle === undefined ? await drainsInOrder(cluster, [...removed, index], policy, context) : undefined;
      if (drains === undefined) {
        rejections.push({ reason: obstacle ?? noRoom, subjects: [subject] });
      } else {
        removed = [...removed, index];
        plan = drains;
      }
    }
    const saved = removed.reduce(
      (sum, index) => sum + (order.find((each) => each.index === index)?.usdPerHour ?? 0),
      0,
    );
    if (saved < policy.minSavings.usdPerHour) {
      const subjects = removed.map((index): Subject => {
        const { uid, name } = cluster.nodes[index] as (typeof cluster.nodes)[number];
        return { kind: 'node', uid, name };
      });
      return {
        groups: [],
        rejections: subjects.length === 0 ? rejections : [...rejections, { reason: tooLittle, subjects }],
      };
    }
    const groups = plan.map(({ node, pods }) => {
      const { uid, owner } = node;
      const actions: Draft[] = [
        { kind: 'cordon-node', node: { uid }, reasons: [fits] },
        ...(pods.length > 0 ? [{ kind: 'drain-node' as const, node: { uid }, pods, reasons: [fits] as const }] : []),
        owner.nodeClaim === undefined
          ? { kind: 'terminate-node', node: { uid }, via: owner, reasons: [fits] }
          : { kind: 'delete-nodeclaim', node: { uid }, nodeClaim: owner.nodeClaim, via: owner, reasons: [fits] },
      ];
      return { actions };
    });
    return { groups, rejections };
  },
});

const fits: Reason = { code: 'pods-fit-elsewhere', message: 'All its pods fit on nodes that stay.' };
const noRoom: Reason = { code: 'no-room-elsewhere', message: 'Some of its pods fit on no other node.' };
const unpriced: Reason = {
  code: 'no-known-price',
  message: 'What it costs is not known, so neither is what removing it saves.',
};
const limit: Reason = { code: 'max-disruption', message: 'The policy allows no more nodes to be removed by one plan.' };
const tooLittle: Reason = {
  code: 'below-min-savings',
  message: 'The whole plan would save less than the policy asks for.',
};
