import {
  createPriceBook,
  type DraftGroup,
  defineEngine,
  nodeSubject,
  type Reason,
  type Rejection,
} from '@cloudoptim/core';
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
    const groups: DraftGroup[] = [];
    const rejections: Rejection[] = [];
    const alsoRemoved: number[] = [];
    const most = Math.min(options.atMost, policy.maxDisruption.nodes ?? cluster.nodes.length);
    for (const [index, node] of cluster.nodes.entries()) {
      await spend(1);
      const usdPerHour = prices.nodeUsdPerHour(node) ?? 0;
      const why: Reason | undefined =
        obstacles[index]?.[0]?.reason ??
        canRemoveNode(placement, index, policy, now, { alsoRemoved })[0]?.reason ??
        (placement.podsOn(index).length > 0 ? { code: 'not-empty', message: 'It runs pods.' } : undefined) ??
        (usdPerHour > policy.minSavings.usdPerHour
          ? undefined
          : { code: 'saves-little', message: 'Its price is low or not known.' }) ??
        (alsoRemoved.length < most ? undefined : { code: 'enough', message: 'The plan removes as many as it may.' });
      if (why !== undefined) {
        rejections.push({ reason: why, subjects: [nodeSubject(node)] });
        continue;
      }
      alsoRemoved.push(index);
      const { uid, owner } = node;
      const reasons = [{ code: 'empty-node', message: 'No pod runs on it.', numbers: { usdPerHour } }] as const;
      const removal =
        owner.nodeClaim === undefined
          ? ({ kind: 'terminate-node', node: { uid }, via: owner, reasons } as const)
          : ({ kind: 'delete-nodeclaim', node: { uid }, nodeClaim: owner.nodeClaim, via: owner, reasons } as const);
      groups.push({ actions: [{ kind: 'cordon-node', node: { uid }, reasons }, removal] });
    }
    return { groups, rejections };
  },
});
