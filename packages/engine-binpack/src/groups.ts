import type { Draft, DraftGroup, DrainedPods, NodeRef, Reason } from '@cloudoptim/core';
import { balancedScore, nodeDisruption } from './balanced-score.js';
import type { Move } from './drain-what-if.js';
import type { Model } from './model.js';
import { evictedWith, round, usd } from './remove-node.js';
import type { Replay } from './replay.js';
import { type Step, stepSavings } from './search.js';
import type { Settled } from './settle.js';

/**
 * Turns steps into groups of drafts: launch, cordon, drain, delete; each with the reasons and the numbers behind it. `inOrder`
 * makes each group wait for the one before; else groups wait only for those whose nodes they use.
 */
export function draftGroups(
  model: Model,
  { steps, replay }: Pick<Settled, 'steps' | 'replay'>,
  inOrder: boolean,
): DraftGroup[] {
  const keys = launchKeys(model, replay);
  const reference = (node: number): NodeRef => {
    const launch = keys.get(node);
    return launch === undefined ? { uid: uidOf(model, node) } : { launch };
  };
  return steps.map((step, position) => {
    const reasons: readonly [Reason] = [reasonFor(model, step)];
    const launched = replay.launched[position];
    const actions: Draft[] = [];
    if (step.launch !== undefined && launched !== undefined) {
      actions.push(launchDraft(step.launch, keys.get(launched) as string, reasons));
    }
    for (const node of step.remove) actions.push({ kind: 'cordon-node', node: reference(node), reasons });
    for (const node of step.remove) {
      const moves = (replay.moves[position] ?? []).filter((move) => move.from === node);
      const pods = drainedPods(model, moves, reference);
      if (pods.length > 0) actions.push({ kind: 'drain-node', node: reference(node), pods, reasons });
      actions.push(deletion(model, node, reasons));
    }
    return inOrder && position > 0 ? { actions, after: [position - 1] } : { actions };
  });
}

/** Keys that no node of the state was launched by: until it is known by another name, a node goes by the key of its launch. */
function launchKeys({ state }: Model, { launched }: Replay): ReadonlyMap<number, string> {
  const taken = new Set(state.nodes.flatMap(({ uid, name }) => [uid, name]));
  const keys = new Map<number, string>();
  let number = 0;
  for (const node of launched) {
    if (node === undefined) continue;
    do number++;
    while (taken.has(`launch:replacement-${number}`) || taken.has(`launch-replacement-${number}`));
    keys.set(node, `replacement-${number}`);
  }
  return keys;
}

function launchDraft(launch: NonNullable<Step['launch']>, key: string, reasons: readonly [Reason]): Draft {
  const [first, ...others] = launch.offerings.map(({ offering, usdPerHour }) => ({
    instanceType: offering.instanceType,
    zone: offering.zone,
    capacityType: offering.capacityType,
    priceCapUsdPerHour: usdPerHour,
  }));
  if (first === undefined) throw new Error('A launch lists at least one offering.');
  return {
    kind: 'launch-node',
    key,
    template: launch.template,
    offerings: [first, ...others],
    assumedAllocatable: launch.assumedAllocatable,
    via: launch.launchPool.via,
    reasons,
  };
}

/** Karpenter and Auto Mode delete the NodeClaim, and the instance follows; else the instance is terminated through its owner. */
function deletion({ state }: Model, node: number, reasons: readonly [Reason]): Draft {
  const object = state.nodes[node];
  if (object === undefined) throw new RangeError(`Node ${node} is not in the state.`);
  const { uid, owner } = object;
  const claimed = owner.kind === 'karpenter' || owner.kind === 'eks-auto';
  return claimed && owner.nodeClaim !== undefined
    ? { kind: 'delete-nodeclaim', node: { uid }, nodeClaim: owner.nodeClaim, via: owner, reasons }
    : { kind: 'terminate-node', node: { uid }, via: owner, reasons };
}

/** The node's evictable pods by template, in drain order, with where they are expected to go. */
function drainedPods(model: Model, moves: readonly Move[], reference: (node: number) => NodeRef): DrainedPods[] {
  const byTemplate = new Map<number, Map<number, number>>();
  for (const { pod, to } of moves) {
    const template = model.state.pods.template[pod] as number;
    const targets = byTemplate.get(template) ?? new Map<number, number>();
    targets.set(to, (targets.get(to) ?? 0) + 1);
    byTemplate.set(template, targets);
  }
  return [...byTemplate].map(([template, targets]) => ({
    template,
    count: [...targets.values()].reduce((sum, count) => sum + count, 0),
    expected: [...targets].map(([target, count]) => ({ node: reference(target), count })),
  }));
}

function reasonFor(model: Model, step: Step): Reason {
  const { state } = model;
  const pods = step.remove.flatMap((node) => evictedWith(model, node));
  const saved = stepSavings(model, step);
  const [first] = step.remove;
  const disruption = nodeDisruption(state, pods) + step.remove.length - 1;
  const score = first === undefined ? 0 : round(balancedScore(saved, disruption, model.poolTotals(first)));
  const numbers = {
    savedUsdPerHour: round(saved),
    evictions: pods.length,
    nodes: step.remove.length,
    score,
  };
  const names = step.remove.map((node) => state.nodes[node]?.name ?? '').join(', ');
  if (step.launch !== undefined) {
    const { offering } = step.launch.offerings[0];
    return {
      code: 'cheaper-replacement',
      message: `One ${offering.instanceType} in ${offering.zone} takes over from ${names} (${pods.length} pods to move) and saves at least ${usd(saved)}.`,
      numbers,
    };
  }
  return pods.length === 0
    ? { code: 'empty', message: `${names} runs no pods of its own; removing it saves ${usd(saved)}.`, numbers }
    : {
        code: 'underutilized',
        message: `All ${pods.length} pods of ${names} fit on nodes that stay; removing it saves ${usd(saved)}.`,
        numbers,
      };
}

function uidOf({ state }: Model, node: number): string {
  const object = state.nodes[node];
  if (object === undefined) throw new RangeError(`Node ${node} is not in the state.`);
  return object.uid;
}
