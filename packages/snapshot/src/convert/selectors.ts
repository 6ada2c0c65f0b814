import type {
  LabelSelector,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '@cloudoptim/core';
import {
  choice,
  filledText,
  integer,
  type Json,
  record,
  records,
  requiredChoice,
  requiredRecord,
  requiredText,
  text,
  textMap,
  texts,
} from '../fields.js';
import type { Writable } from '../order.js';

const labelOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
const nodeOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;
const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** A label selector under `key`; absent stays absent, since absent and empty select opposite sets. */
export function labelSelector(object: Json, key: string, where: string): LabelSelector | undefined {
  const source = record(object, key, where);
  if (source === undefined) return undefined;
  const path = `${where}.${key}`;
  const selector: Writable<LabelSelector> = {};
  const matchLabels = textMap(source, 'matchLabels', path);
  if (matchLabels !== undefined) selector.matchLabels = matchLabels;
  const expressions = records(source, 'matchExpressions', path);
  if (expressions.length > 0)
    selector.matchExpressions = expressions.map((expression) => {
      const base = {
        key: requiredText(expression, 'key', `${path}.matchExpressions[]`),
        operator: requiredChoice(expression, 'operator', `${path}.matchExpressions[]`, labelOperators),
      };
      const values = texts(expression, 'values', `${path}.matchExpressions[]`);
      return values === undefined ? base : { ...base, values };
    });
  return selector;
}

/** A selector of equal labels only (`Service`, `ReplicationController`), as a label selector. */
export function equalitySelector(object: Json, key: string, where: string): LabelSelector | undefined {
  const matchLabels = textMap(object, key, where);
  return matchLabels === undefined ? undefined : { matchLabels };
}

export function nodeSelector(object: Json, key: string, where: string): NodeSelector | undefined {
  const source = record(object, key, where);
  if (source === undefined) return undefined;
  const path = `${where}.${key}`;
  return {
    nodeSelectorTerms: records(source, 'nodeSelectorTerms', path).map((term) =>
      nodeSelectorTerm(term, `${path}.nodeSelectorTerms[]`),
    ),
  };
}

function nodeSelectorTerm(term: Json, where: string): NodeSelectorTerm {
  const result: Writable<NodeSelectorTerm> = {};
  const expressions = nodeRequirements(term, 'matchExpressions', where);
  const fields = nodeRequirements(term, 'matchFields', where);
  if (expressions !== undefined) result.matchExpressions = expressions;
  if (fields !== undefined) result.matchFields = fields;
  return result;
}

/** Undefined when there are none. */
export function nodeRequirements(object: Json, key: string, where: string): NodeSelectorRequirement[] | undefined {
  const sources = records(object, key, where);
  if (sources.length === 0) return undefined;
  return sources.map((source) => nodeRequirement(source, `${where}.${key}[]`));
}

export function nodeRequirement(source: Json, where: string): NodeSelectorRequirement {
  const base = {
    key: requiredText(source, 'key', where),
    operator: requiredChoice(source, 'operator', where, nodeOperators),
  };
  const values = texts(source, 'values', where);
  return values === undefined ? base : { ...base, values };
}

export function tolerations(object: Json, key: string, where: string): Toleration[] | undefined {
  const sources = records(object, key, where);
  if (sources.length === 0) return undefined;
  const path = `${where}.${key}[]`;
  return sources.map((source) => {
    const toleration: Writable<Toleration> = {};
    const taintKey = filledText(source, 'key', path);
    const operator = choice(source, 'operator', path, ['Equal', 'Exists', 'Lt', 'Gt']);
    const value = filledText(source, 'value', path);
    const effect = choice(source, 'effect', path, taintEffects);
    const seconds = integer(source, 'tolerationSeconds', path);
    if (taintKey !== undefined) toleration.key = taintKey;
    if (operator !== undefined) toleration.operator = operator;
    if (value !== undefined) toleration.value = value;
    if (effect !== undefined) toleration.effect = effect;
    if (seconds !== undefined) toleration.tolerationSeconds = seconds;
    return toleration;
  });
}

export function taints(object: Json, key: string, where: string): Taint[] | undefined {
  const sources = records(object, key, where);
  if (sources.length === 0) return undefined;
  const path = `${where}.${key}[]`;
  return sources.map((source) => {
    const base = {
      key: requiredText(source, 'key', path),
      effect: requiredChoice(source, 'effect', path, taintEffects),
    };
    const value = text(source, 'value', path);
    return value === undefined || value === '' ? base : { ...base, value };
  });
}

export function topologySpread(object: Json, key: string, where: string): TopologySpreadConstraint[] | undefined {
  const sources = records(object, key, where);
  if (sources.length === 0) return undefined;
  const path = `${where}.${key}[]`;
  return sources.map((source) => {
    const constraint: Writable<TopologySpreadConstraint> = {
      maxSkew: integer(source, 'maxSkew', path) ?? 1,
      topologyKey: requiredText(source, 'topologyKey', path),
      whenUnsatisfiable:
        choice(source, 'whenUnsatisfiable', path, ['DoNotSchedule', 'ScheduleAnyway']) ?? 'DoNotSchedule',
    };
    const selector = labelSelector(source, 'labelSelector', path);
    const minDomains = integer(source, 'minDomains', path);
    const affinityPolicy = choice(source, 'nodeAffinityPolicy', path, ['Honor', 'Ignore']);
    const taintsPolicy = choice(source, 'nodeTaintsPolicy', path, ['Honor', 'Ignore']);
    const matchLabelKeys = texts(source, 'matchLabelKeys', path);
    if (selector !== undefined) constraint.labelSelector = selector;
    if (minDomains !== undefined) constraint.minDomains = minDomains;
    if (affinityPolicy !== undefined) constraint.nodeAffinityPolicy = affinityPolicy;
    if (taintsPolicy !== undefined) constraint.nodeTaintsPolicy = taintsPolicy;
    if (matchLabelKeys !== undefined) constraint.matchLabelKeys = matchLabelKeys;
    return constraint;
  });
}

/** Required object that may be empty, such as a preference. */
export function requiredTerm(object: Json, key: string, where: string): NodeSelectorTerm {
  return nodeSelectorTerm(requiredRecord(object, key, where), `${where}.${key}`);
}
