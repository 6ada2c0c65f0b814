import type { ClusterState, Market, Policy } from '@cloudoptim/core';
import { automaticTolerations } from '../daemon-sets.js';
import { type BoundColumn, launchColumn, undominated } from './columns.js';
import { type Launchable, launchables } from './launch-templates.js';
import { answerOf, keysOf, type PlacementRule, type Profile } from './profile.js';
import { amountsOf, capacityOf, type Rows } from './rows.js';

interface DaemonSet {
  readonly rule: PlacementRule;
  readonly needs: readonly number[];
}

/** What may be launched, net of the DaemonSets that are sure to land there, without what is superfluous. */
export function launchColumns(...question: Parameters<typeof everyLaunchColumn>): BoundColumn[] {
  return undominated(everyLaunchColumn(...question));
}

/** What may be launched, superfluous or not. */
export function everyLaunchColumn(
  state: ClusterState,
  market: Market,
  policy: Policy,
  rows: Rows,
  rules: readonly PlacementRule[],
): BoundColumn[] {
  const comparisons = state.scheduler.featureGates?.TaintTolerationComparisonOperators === true;
  const daemonSets = daemonSetsOf(state, rows);
  const keys = [...keysOf([...rules, ...daemonSets.map(({ rule }) => rule)])].sort();
  const known = new Map<string, { readonly open: Uint8Array; readonly overhead: readonly number[] }>();
  return launchables(state, market, policy).map(({ offering, type, pool, usdPerHour, maxPods, profile }) => {
    const signature = signatureOf(profile, keys, pool);
    let seen = known.get(signature);
    if (seen === undefined) {
      const open = Uint8Array.from(rules, (rule) => (answerOf(rule, profile, comparisons) === 'no' ? 0 : 1));
      seen = { open, overhead: overheadOn(profile, daemonSets, rows, comparisons) };
      known.set(signature, seen);
    }
    const { open, overhead } = seen;
    const gross = capacityOf(rows, { ...type.allocatable, pods: maxPods });
    // Where the DaemonSets do not all fit, none of them is sure to.
    const allFit = gross.every((amount, row) => amount >= (overhead[row] as number));
    const capacity = allFit ? gross.map((amount, row) => amount - (overhead[row] as number)) : gross;
    const key = [offering.instanceType, offering.zone, offering.capacityType, pool].join('|');
    return launchColumn(key, usdPerHour, offering.supply ?? Number.POSITIVE_INFINITY, capacity, open);
  });
}

/** Offerings that no rule tells apart are judged once: 600 types in 3 zones are mostly the same to 3,000 workloads. */
function signatureOf({ labels, mayHave }: Launchable['profile'], keys: readonly string[], pool: string): string {
  return JSON.stringify([pool, keys.map((key) => labels[key] ?? (mayHave(key) ? 1 : 0))]);
}

function daemonSetsOf(state: ClusterState, rows: Rows): DaemonSet[] {
  return state.workloads.flatMap(({ kind, successorTemplate }) => {
    const template = state.podTemplates[successorTemplate];
    if (kind !== 'DaemonSet' || template === undefined) return [];
    const required = template.nodeAffinity?.required;
    const rule: PlacementRule = {
      nodeSelector: template.nodeSelector ?? {},
      // The terms of a DaemonSet's template are read as they stand; one that is empty because its node's name was taken out
      // matches that node, and is then not sure to match this one.
      selectors: required === undefined ? [] : [required],
      tolerations: [...(template.tolerations ?? []), ...automaticTolerations(template.hostNetwork)],
    };
    return [{ rule, needs: amountsOf(rows, template.needs) }];
  });
}

function overheadOn(profile: Profile, daemonSets: readonly DaemonSet[], rows: Rows, comparisons: boolean): number[] {
  const overhead = rows.names.map(() => 0);
  for (const { rule, needs } of daemonSets) {
    if (answerOf(rule, profile, comparisons) !== 'yes') continue;
    for (let row = 0; row < overhead.length; row++) overhead[row] = (overhead[row] as number) + (needs[row] as number);
  }
  return overhead;
}
