import { type Action, createContext, type Market, type PartialPolicy, type Plan } from '@cloudoptim/core';
import { type ClusterBuilder, createMarket, type MarketOptions } from '@cloudoptim/testkit';
import { BinpackEngine } from '../src/index.js';

export interface Question {
  readonly policy?: PartialPolicy;
  readonly options?: Record<string, unknown>;
  readonly market?: MarketOptions;
  readonly workLimit?: number;
}

/** Nothing for sale: what is saved then is saved by removal alone. */
const nothingForSale: MarketOptions = { instanceTypes: [] };

/** Builds the cluster and asks the engine about it. */
export async function analyzeCluster(builder: ClusterBuilder, question: Question = {}): Promise<Plan> {
  const cluster = builder.build();
  const market: Market = createMarket(cluster, question.market ?? nothingForSale);
  const { policy, options, workLimit } = question;
  const request = { cluster, market, ...(policy && { policy }), ...(options && { options }) };
  const context = createContext({ now: cluster.takenAtMs, ...(workLimit !== undefined && { workLimit }) });
  const { plan } = await new BinpackEngine().analyze(request, context);
  return plan;
}

/** Names of the nodes that the plan takes away, in the plan's order. Nodes of the builder have the uid `uid-<name>`. */
export function removedNodes(plan: Plan): string[] {
  return actionsOf(plan, 'delete-nodeclaim', 'terminate-node').flatMap((action) =>
    'node' in action && 'uid' in action.node ? [action.node.uid.replace('uid-', '')] : [],
  );
}

export function actionsOf(plan: Plan, ...kinds: Action['kind'][]): Action[] {
  return plan.groups.flatMap(({ actions }) => actions.filter(({ kind }) => kinds.includes(kind)));
}

/** By node name: the code and the sentence of the rejection that it is in. */
export function rejectionOf(plan: Plan, name: string): { readonly code: string; readonly message: string } | undefined {
  const found = plan.rejections.filter(({ subjects }) =>
    subjects.some((subject) => subject.kind === 'node' && subject.name === name),
  );
  if (found.length > 1) throw new Error(`${name} is in ${found.length} rejections.`);
  return found[0]?.reason;
}
