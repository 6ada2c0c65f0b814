import {
  type ClusterState,
  createContext,
  type DraftGroup,
  defaultPolicy,
  InvalidPlan,
  type Market,
  type Plan,
  type Policy,
  sealPlan,
} from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';
import type { Random } from '../random.js';
import { draftsOf } from './drafts.js';
import { mutatedGroups } from './mutated-groups.js';
import { randomGroups } from './random-groups.js';

export type PlanSource = 'engine' | 'random' | 'mutated';

/** What a plan is made from, and is verified against. */
export interface PlanQuestion {
  readonly state: ClusterState;
  readonly market: Market;
  readonly policy: Policy;
  readonly seed: number;
}

export interface PlanCase extends PlanQuestion {
  readonly source: PlanSource;
  readonly plan: Plan;
  /** How it was made: the mutation's name, or what the random plan does. */
  readonly how: string;
}

/** The default policy but for what gives plans with several groups in flight, and pods that may go although they are alone. */
export function drawPolicy(random: Random): Policy {
  return {
    ...defaultPolicy,
    maxGroupsInFlight: random.pick([1, 1, 2, 3]),
    pins: { ...defaultPolicy.pins, singleReplica: random.chance(0.5) },
  };
}

/** Asks the engine. Nodes are seconds old here, so their least age is none. */
export async function enginePlan({ state, market, policy, seed }: PlanQuestion): Promise<Plan> {
  const engine = new BinpackEngine();
  const request = {
    ...{ contractVersion: 'v1' as const, policy, cluster: state, market },
    options: { minNodeAgeSeconds: 0 },
  };
  const { plan } = await engine.analyze(request, createContext({ now: state.takenAtMs, seed }));
  return plan;
}

/** A plan of the source, undefined when it proposes nothing: the engine sees nothing to do. */
export async function planCase(
  source: PlanSource,
  question: PlanQuestion,
  random: Random,
): Promise<PlanCase | undefined> {
  if (source === 'engine') {
    const plan = await enginePlan(question);
    return plan.groups.length === 0 ? undefined : { ...question, source, plan, how: 'engine' };
  }
  const whole = source === 'mutated' ? draftsOf(await enginePlan(question)) : [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const drawn =
      whole.length === 0 || random.chance(0.3) ? randomGroups(question, random) : { groups: whole, how: '' };
    const { groups, how } = source === 'random' ? drawn : mutatedGroups(drawn.groups, question, random);
    const plan = await sealed(groups, question);
    if (plan !== undefined) return { ...question, source, plan, how };
  }
  return undefined;
}

/** Seals as for an engine's answer; undefined where core already says that these drafts are no plan. */
async function sealed(groups: readonly DraftGroup[], question: PlanQuestion): Promise<Plan | undefined> {
  if (groups.length === 0) return undefined;
  const { state, market, policy, seed } = question;
  try {
    return await sealPlan({
      engine: { id: 'drawn', version: '0.0.0', considers: [] },
      request: { contractVersion: 'v1', policy, options: undefined, cluster: state, market },
      decision: { groups, rejections: [] },
      context: { now: state.takenAtMs, seed },
    });
  } catch (error) {
    if (InvalidPlan.isInstance(error)) return undefined;
    throw error;
  }
}
