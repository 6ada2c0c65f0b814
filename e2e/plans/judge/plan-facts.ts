import type { Refusal } from '@cloudoptim/scheduling';
import type { Evidence } from './evidence.js';
import { actionOf, removals } from './subjects.js';

type Rule = (refusal: Refusal, evidence: Evidence) => string | undefined;

/** Refusals about what the plan itself says, which no cluster can show: read off the plan once more. */
export const planFacts: Readonly<Record<string, Rule>> = {
  'removed-twice': (_, evidence) => {
    const uids = removals(evidence).map(({ uid }) => uid);
    return new Set(uids).size < uids.length ? 'two actions remove one node' : undefined;
  },
  'expected-on-removed-node': (refusal, evidence) => {
    const action = actionOf(refusal, evidence);
    const removed = new Set(removals(evidence).map(({ uid }) => uid));
    return action?.kind === 'drain-node' &&
      action.pods.some(({ expected }) => expected.some(({ node }) => 'uid' in node && removed.has(node.uid)))
      ? 'a drain expects pods on a node that another action removes'
      : undefined;
  },
  'no-such-node': removedBefore,
  'unknown-owner': (refusal, evidence) => {
    const action = actionOf(refusal, evidence);
    return action?.kind === 'launch-node' && action.via.kind === 'unknown' ? 'the launch names no owner' : undefined;
  },
  'min-savings': (_, { planCase }) => {
    const { savingsUsdPerHour } = planCase.plan;
    return savingsUsdPerHour.lower < 0 || planCase.plan.groups.some((group) => group.savingsUsdPerHour.lower < 0)
      ? 'a group or the plan costs more than it saves'
      : undefined;
  },
  'attach-slots-on-new-node': (_, { planCase, before }) =>
    planCase.plan.groups.some(({ actions }) =>
      actions.some((action) => action.kind === 'launch-node' && (action.template.csiDrivers ?? []).length === 0),
    ) && before.pods.some(({ spec }) => spec.volumes?.some((volume) => 'persistentVolumeClaim' in volume))
      ? 'a launch states no CSI driver, and there are pods with claims'
      : undefined,
  'facts-differ': (refusal, evidence) => {
    const action = actionOf(refusal, evidence);
    if (action?.kind !== 'scale-workload') return removedBefore(refusal, evidence);
    const same = evidence.results.filter(
      (result) => result.action.kind === 'scale-workload' && result.action.workload.name === action.workload.name,
    );
    return same.length > 1 ? 'two actions scale one workload' : undefined;
  },
};

function removedBefore(refusal: Refusal, evidence: Evidence): string | undefined {
  const action = actionOf(refusal, evidence);
  if (action === undefined || !('node' in action)) return undefined;
  const { node } = action;
  const at = (id: string) => evidence.results.findIndex((result) => result.action.id === id);
  return removals(evidence).some(
    ({ uid, result }) => 'uid' in node && uid === node.uid && at(result.action.id) < at(action.id),
  )
    ? 'another action removes the node before'
    : undefined;
}
