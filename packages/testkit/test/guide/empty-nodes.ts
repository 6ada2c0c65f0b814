import { createPriceBook, defineEngine, nodeRemoval, nodeSubject } from '@cloudoptim/core';
import { canRemoveNode, createPlacement, nodeObstacles } from '@cloudoptim/scheduling';
import { z } from 'zod';

export const emptyNodes = defineEngine({
  id: 'empty-nodes',
  version: '1.0.0',
  contractVersion: 'v1',
  considers: ['nodes'],
  requires: ['cluster', 'market'],
  options: z.object({ atMost: z.number().int().min(0).default(10).describe('Nodes to remove with one plan.') }),
  async decide({ cluster, market, policy, options }, { now, spend }) {
    const prices = createPriceBook(market);
    const placement = createPlacement(cluster);
    const obstacles = nodeObstacles(placement, policy, now);
    const most = Math.min(options.atMost, policy.maxDisruption.nodes ?? options.atMost);
    const groups = [];
    const rejections = [];
    const alsoRemoved: number[] = [];
    for (const [index, node] of cluster.nodes.entries()) {
      await spend(1);
      const usdPerHour = prices.nodeUsdPerHour(node) ?? 0;
      const saves = usdPerHour > policy.minSavings.usdPerHour;
      const reason =
        obstacles[index]?.[0]?.reason ??
        canRemoveNode(placement, index, policy, now, { alsoRemoved })[0]?.reason ??
        (placement.podsOn(index).length > 0 ? { code: 'not-empty', message: 'It runs pods.' } : undefined) ??
        (saves ? undefined : { code: 'saves-little', message: 'Its price is low or not known.' }) ??
        (alsoRemoved.length < most ? undefined : { code: 'enough', message: 'The plan removes as many as it may.' });
      if (reason !== undefined) rejections.push({ reason, subjects: [nodeSubject(node)] });
      else {
        alsoRemoved.push(index);
        const why = { code: 'empty-node', message: 'No pod runs on it.', numbers: { usdPerHour } };
        groups.push({ actions: nodeRemoval(node, [why]) });
      }
    }
    return { groups, rejections };
  },
});
