import { nodeOffering, offeringKey } from '@cloudoptim/core';
import { addsUp } from './adds-up.js';
import { ask, errorText, reworded } from './ask.js';
import type { BehaviourLaw } from './law.js';
import { removedNode } from './plan-effects.js';
import { unknownPrices } from './unknown-prices.js';

/**
 * Forgetting the price of what the plan takes away never makes that free: asked again without it, the plan still adds up over
 * known prices alone, and the node that it took away is listed as unpriced.
 */
export const forgottenPrice: BehaviourLaw = async (question, { answer: first }) => {
  const { cluster, market } = question.request;
  const actions = first.response.plan.groups.flatMap((group) => group.actions);
  const node =
    cluster.nodes[actions.map((action) => removedNode(cluster, action) ?? -1).find((index) => index >= 0) ?? -1];
  const ref = node === undefined ? undefined : nodeOffering(node);
  if (ref === undefined) return undefined;
  const offerings = market.offerings.map((offering) =>
    offeringKey(offering) === offeringKey(ref) ? { ...offering, priceUsdPerHour: null } : offering,
  );
  const { answer, error } = await ask(reworded(question, { market: { ...market, offerings } }));
  if (answer === undefined) return `without the price of ${offeringKey(ref)} it throws ${errorText(error)}`;
  const finding = addsUp(answer) ?? unknownPrices(answer);
  return finding === undefined ? undefined : `without the price of ${offeringKey(ref)}: ${finding}`;
};
