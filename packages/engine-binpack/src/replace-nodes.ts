import type { Reason } from '@cloudoptim/core';
import { landDaemonSets } from './land-daemon-sets.js';
import type { LaunchPool } from './launch-pool.js';
import { type Launchable, launchable, launchedNode } from './launchable.js';
import type { Model } from './model.js';
import { beyondPoolLimit, isOutOfSupply } from './pool-limit.js';
import type { Proposal } from './propose-replacements.js';
import { attempt, type Refused } from './remove-node.js';
import { seatOn } from './waiting-pods.js';

/** Carries a proposal out on the working cluster, or leaves it untouched and says why not. */
export function tryReplace(model: Model, { nodes, pool, candidate, savedUsdPerHour }: Proposal): Refused | Launchable {
  const below = candidate.usdPerHour + savedUsdPerHour;
  let refused: Refused | undefined;
  // First with alternatives to the one offering; then, for pods that select what only that type is labelled with, it alone.
  for (const maxOfferings of [model.options.maxReplacementOfferings, 1]) {
    const { all } = model.candidates(pool);
    const limits = { policy: model.policy, maxOfferings, belowUsdPerHour: below };
    const choice = launchable(model.state, pool, candidate, all, limits);
    if (choice === undefined) continue;
    const change = { nodes, savedUsdPerHour: below - choice.dearestUsdPerHour };
    refused = attempt(model, change, () => launchInto(model, choice));
    if (refused === undefined) return choice;
    if (choice.offerings.length === 1 || !selectsTypes(model, refused)) return refused;
  }
  return refused ?? { reason: notEnoughTypes(pool) };
}

/** Adds the node of a choice to the working cluster, with its DaemonSet pods. Returns why it must not be launched. */
export function launchInto(model: Model, choice: Launchable): Reason | undefined {
  const { cluster } = model;
  const { instanceType } = choice.offerings[0].offering;
  if (isOutOfSupply(model, choice)) {
    return { code: 'no-supply', message: `No more ${instanceType} can be had, as far as the market says.` };
  }
  const overLimit = beyondPoolLimit(model, choice);
  if (overLimit !== undefined) return overLimit;
  // The name ends in the index: no two nodes of one working cluster share it.
  const name = `launch-${cluster.placement.nodeCount}`;
  const node = cluster.launch(launchedNode(name, choice, model.nowMs), choice);
  const stranded = landDaemonSets(cluster, node);
  if (stranded === undefined) {
    seatOn(cluster, node);
    return undefined;
  }
  return {
    code: 'daemonset-does-not-fit-new-node',
    message: `DaemonSet ${stranded} would not fit on a new ${instanceType}.`,
  };
}

/** Whether the pod that found no room asks for labels that instance types differ in. */
function selectsTypes({ state }: Model, refused: Refused): boolean {
  const template = 'noRoomFor' in refused ? state.podTemplates[refused.noRoomFor.incoming?.template ?? -1] : undefined;
  if (template === undefined) return false;
  const keys = Object.keys(template.nodeSelector ?? {});
  for (const { matchExpressions = [] } of template.nodeAffinity?.required?.nodeSelectorTerms ?? []) {
    keys.push(...matchExpressions.map(({ key }) => key));
  }
  return keys.some((key) => key === 'node.kubernetes.io/instance-type' || key.startsWith('karpenter.k8s.aws/'));
}

function notEnoughTypes({ pool }: LaunchPool): Reason {
  return {
    code: 'too-few-offerings',
    message: `NodePool ${pool.name} asks for more different offerings (minValues) than are priced and cheap enough.`,
  };
}
