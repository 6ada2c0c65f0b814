import {
  type Draft,
  type DraftGroup,
  type DrainedPods,
  type NodeRef,
  podTemplate,
  type Reason,
} from '@cloudoptim/core';
import { balancedScore, nodeDisruption } from './balanced-score.js';
import type { Step } from './changes.js';
import type { Move } from './drain-what-if.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { phasesOf } from './phases.js';
import { evictedWith, round, usd } from './remove-node.js';
import { stepSavings } from './search.js';
import type { Settled } from './settle.js';

/**
 * Turns steps into groups of drafts: launch, cordon, evict by name, drain, delete; each with the reasons and the numbers behind it.
 * `inOrder` makes each group wait for the one before; else groups wait only for those whose nodes they use.
 */
export function draftGroups(
  model: Model,
  { steps, replay, style }: Pick<Settled, 'steps' | 'replay' | 'style'>,
  inOrder: boolean,
): DraftGroup[] {
  const keys = new Map(replay.launched.flat().map((node, position) => [node, `replacement-${position + 1}`]));
  const reference = (node: number): NodeRef => {
    const launch = keys.get(node);
    return launch === undefined ? { uid: uidOf(model, node) } : { launch };
  };
  const reasonsOf = steps.map((step): readonly [Reason] => [reasonFor(model, step)]);
  const stepOf = new Map(steps.flatMap(({ remove }, step) => remove.map((node) => [node, step])));
  const reasons = (node: number) => reasonsOf[stepOf.get(node) as number] as readonly [Reason];
  const cordoned = new Set<number>();
  return phasesOf(model, steps, style.evictions).map((phase, position) => {
    const actions: Draft[] = phase.launches.map(({ step, at, launch }) => {
      const node = replay.launched[step]?.[at] as number;
      return launchDraft(launch, keys.get(node) as string, reasonsOf[step] as readonly [Reason]);
    });
    const moves = replay.moves[position] ?? [];
    const named = new Set(phase.named);
    const first = moves.filter(({ pod }) => named.has(pod));
    for (const node of [...first.map(({ from }) => from), ...phase.remove]) {
      if (cordoned.has(node)) continue;
      cordoned.add(node);
      actions.push({ kind: 'cordon-node', node: reference(node), reasons: reasons(node) });
    }
    for (const move of first) actions.push(evictionDraft(model, move, reference, reasons(move.from)));
    for (const node of phase.remove) {
      const rest = moves.filter(({ from, pod }) => from === node && !named.has(pod));
      const pods = drainedPods(model, rest, reference);
      if (pods.length > 0) actions.push({ kind: 'drain-node', node: reference(node), pods, reasons: reasons(node) });
      actions.push(deletion(model, node, reasons(node)));
    }
    return inOrder && position > 0 ? { actions, after: [position - 1] } : { actions };
  });
}

function evictionDraft(
  { state }: Model,
  { pod, from, to }: Move,
  reference: (node: number) => NodeRef,
  reasons: readonly [Reason],
): Draft {
  const { namespace } = podTemplate(state, pod);
  const name = state.pods.name[pod] as string;
  const template = state.pods.template[pod] as number;
  return { kind: 'evict-pod', node: reference(from), namespace, name, template, expected: reference(to), reasons };
}

function launchDraft(launch: Launchable, key: string, reasons: readonly [Reason]): Draft {
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

/**
 * The node's evictable pods by template, in drain order, with where they are expected to go, one after the other: pods that
 * spread over zones fit where they are expected only in that order.
 */
function drainedPods(model: Model, moves: readonly Move[], reference: (node: number) => NodeRef): DrainedPods[] {
  const byTemplate = new Map<number, { readonly node: number; count: number }[]>();
  for (const { pod, to } of moves) {
    const template = model.state.pods.template[pod] as number;
    const runs = byTemplate.get(template) ?? [];
    const last = runs[runs.length - 1];
    if (last?.node === to) last.count++;
    else runs.push({ node: to, count: 1 });
    byTemplate.set(template, runs);
  }
  return [...byTemplate].map(([template, runs]) => ({
    template,
    count: runs.reduce((sum, { count }) => sum + count, 0),
    expected: runs.map(({ node, count }) => ({ node: reference(node), count })),
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
  const names = namesOf(model, step.remove);
  if (step.launches.length > 0) {
    const one = step.launches.length === 1;
    const effect =
      saved < 0
        ? `${one ? 'costs' : 'cost'} ${usd(-saved)} more, for room that other groups need`
        : `${one ? 'saves' : 'save'} at least ${usd(saved)}`;
    return {
      code: 'cheaper-replacement',
      message: `${replacements(step.launches)} ${one ? 'takes' : 'take'} over from ${names} (${pods.length} pods to move) and ${effect}.`,
      numbers: { ...numbers, launches: step.launches.length },
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

/** What is launched, equal ones counted: `One m7a.large in us-east-1a`, `2 m7a.large in us-east-1a and 1 r7a.xlarge in …`. */
function replacements(launches: readonly Launchable[]): string {
  const counts = new Map<string, number>();
  for (const { offerings } of launches) {
    const { instanceType, zone } = offerings[0].offering;
    const what = `${instanceType} in ${zone}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  if (launches.length === 1) return `One ${[...counts.keys()][0]}`;
  return [...counts].map(([what, count]) => `${count} ${what}`).join(' and ');
}

/** A sentence of sixty names is read by nobody. */
const mostNames = 5;

function namesOf({ state }: Model, nodes: readonly number[]): string {
  const names = nodes.slice(0, mostNames).map((node) => state.nodes[node]?.name ?? '');
  const others = nodes.length - names.length;
  return others > 0 ? `${names.join(', ')} and ${others} more` : names.join(', ');
}

function uidOf({ state }: Model, node: number): string {
  const object = state.nodes[node];
  if (object === undefined) throw new RangeError(`Node ${node} is not in the state.`);
  return object.uid;
}
