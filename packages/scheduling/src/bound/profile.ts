import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Taint, Toleration } from '@cloudoptim/core';
import { type Labels, labelOf } from '../labels.js';
import { matchesTerm } from '../node-selectors.js';
import { untoleratedTaint } from '../tolerations.js';

/** What is known of a node that is there or may be launched, as far as pods may ask about it. */
export interface Profile {
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  /** Whether a label that is not among `labels` may yet be there. Others are known to be absent. */
  mayHave(key: string): boolean;
}

/** What a pod asks of a node's labels and taints, volumes included. Selectors must all match. */
export interface PlacementRule {
  readonly nodeSelector: Labels;
  readonly selectors: readonly NodeSelector[];
  readonly tolerations: readonly Toleration[];
}

/** A node as its rules see it: `no` and `yes` are certain, whatever is not known turns out to be. */
export type Answer = 'no' | 'maybe' | 'yes';

/** Whether a node of this profile may or must be open to pods of this rule. What is asked of a node's name is left open. */
export function answerOf(rule: PlacementRule, profile: Profile, comparisons: boolean): Answer {
  if (untoleratedTaint(profile.taints, rule.tolerations, comparisons) !== undefined) return 'no';
  let answer: Answer = 'yes';
  for (const [key, value] of Object.entries(rule.nodeSelector))
    answer = both(answer, requirementHolds({ key, operator: 'In', values: [value] }, profile));
  for (const { nodeSelectorTerms } of rule.selectors)
    answer = both(
      answer,
      nodeSelectorTerms.reduce<Answer>((any, term) => either(any, termHolds(term, profile)), 'no'),
    );
  return answer;
}

/** One requirement of a node selector, as kube-scheduler reads it where the label is known. */
export function requirementHolds(requirement: NodeSelectorRequirement, { labels, mayHave }: Profile): Answer {
  const { key } = requirement;
  // A node's own name is never known of one to be launched; for those that are there, it only narrows.
  if (key === 'kubernetes.io/hostname') return 'maybe';
  if (labelOf(labels, key) === undefined && mayHave(key)) return 'maybe';
  return matchesTerm({ matchExpressions: [requirement] }, { name: '', labels }) ? 'yes' : 'no';
}

function termHolds({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, profile: Profile): Answer {
  if (matchExpressions.length === 0 && matchFields.length === 0) return 'no';
  const start: Answer = matchFields.length > 0 ? 'maybe' : 'yes';
  return matchExpressions.reduce<Answer>((all, entry) => both(all, requirementHolds(entry, profile)), start);
}

function both(a: Answer, b: Answer): Answer {
  return a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

function either(a: Answer, b: Answer): Answer {
  return a === 'yes' || b === 'yes' ? 'yes' : a === 'no' && b === 'no' ? 'no' : 'maybe';
}

/** Every label key that the rules mention: no other label tells two nodes apart. */
export function keysOf(rules: readonly PlacementRule[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { nodeSelector, selectors } of rules) {
    for (const key of Object.keys(nodeSelector)) keys.add(key);
    for (const { nodeSelectorTerms } of selectors)
      for (const { matchExpressions = [] } of nodeSelectorTerms) for (const { key } of matchExpressions) keys.add(key);
  }
  keys.delete('kubernetes.io/hostname');
  return keys;
}
