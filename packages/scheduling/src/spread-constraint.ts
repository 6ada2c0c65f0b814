import type { LabelSelector, TopologySpreadConstraint } from '@cloudoptim/core';
import type { Counter } from './counters.js';
import { isEmptySelector, type Labels, selects, withLabelKeys } from './labels.js';
import type { SpreadInclusion } from './spread-inclusion.js';
import type { View } from './view.js';

/** A DoNotSchedule constraint of one pod: its own settings with defaults, and the counter of the pods it spreads. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  readonly honourAffinity: boolean;
  readonly honourTaints: boolean;
  /** 1 when the pod itself is selected: it then adds to the domain it goes to. */
  readonly selfMatch: 0 | 1;
  readonly selector: LabelSelector | undefined;
  readonly matching: Counter;
  /** Matching pods by domain over the nodes that count for this pod, with what they were derived from. */
  counts: SpreadCounts | undefined;
  /** The nodes that count, worked out when first asked for. */
  inclusion: SpreadInclusion | undefined;
}

export interface SpreadCounts {
  readonly counter: number;
  readonly topology: number;
  /** By domain; domains without a node that counts hold zero and are not among `minimum` and `domains`. */
  readonly byDomain: readonly number[];
  /** Fewest matching pods in a domain that counts; Infinity when none does. */
  readonly minimum: number;
  /** Domains that count. */
  readonly domains: number;
}

/** Reads a constraint for a pod with these labels. Only pods of the same namespace are spread, and not terminating ones. */
export function spreadConstraint(
  constraint: TopologySpreadConstraint,
  namespace: string,
  labels: Labels,
  view: View,
): SpreadConstraint {
  const selector = withLabelKeys(constraint.labelSelector, labels, constraint.matchLabelKeys);
  // kube-scheduler counts no bound pod for the empty selector, although the incoming pod matches it (countPodsMatchSelector).
  const counted = isEmptySelector(selector) ? undefined : selector;
  return {
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    minDomains: constraint.minDomains ?? 1,
    honourAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
    honourTaints: (constraint.nodeTaintsPolicy ?? 'Ignore') === 'Honor',
    selfMatch: selects(selector, labels) ? 1 : 0,
    selector: counted,
    matching: view.counters.get(
      `spread ${JSON.stringify([namespace, counted ?? null])}`,
      false,
      (template, podLabels) => template.namespace === namespace && selects(counted, podLabels),
      counted?.matchLabels,
    ),
    counts: undefined,
    inclusion: undefined,
  };
}
