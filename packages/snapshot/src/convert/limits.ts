import type { LimitRange, PriorityClass, ResourceQuota, RuntimeClass } from '@cloudoptim/core';
import {
  choice,
  flag,
  integer,
  type Json,
  record,
  records,
  requiredRecord,
  requiredText,
  textMap,
  texts,
} from '../fields.js';
import type { ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { amountsByName, nanoAmounts, resourceAmounts } from './quantities.js';
import { tolerations } from './selectors.js';

type LimitRangeItem = LimitRange['items'][number];

export function limitRange(object: Json, meta: ObjectMeta): LimitRange {
  const spec = requiredRecord(object, 'spec', '');
  const items = records(spec, 'limits', 'spec').map((source) => {
    const where = 'spec.limits[]';
    const item: Writable<LimitRangeItem> = { type: requiredText(source, 'type', where) };
    const amounts = (key: string) => {
      const nano = nanoAmounts(source, key, where);
      return nano.size === 0 ? undefined : resourceAmounts(nano, `${where}.${key}`);
    };
    const defaultRequest = amounts('defaultRequest');
    const defaultLimit = amounts('default');
    const min = amounts('min');
    const max = amounts('max');
    if (defaultRequest !== undefined) item.defaultRequest = defaultRequest;
    if (defaultLimit !== undefined) item.defaultLimit = defaultLimit;
    if (min !== undefined) item.min = min;
    if (max !== undefined) item.max = max;
    return item;
  });
  return { namespace: meta.namespace, name: meta.name, items };
}

export function resourceQuota(object: Json, meta: ObjectMeta): ResourceQuota {
  const spec = record(object, 'spec', '') ?? {};
  const status = record(object, 'status', '') ?? {};
  const quota: Writable<ResourceQuota> = {
    namespace: meta.namespace,
    name: meta.name,
    hard: amountsByName(spec, 'hard', 'spec') ?? {},
    used: amountsByName(status, 'used', 'status') ?? {},
  };
  const scopes = texts(spec, 'scopes', 'spec');
  if (scopes !== undefined) quota.scopes = scopes;
  if (record(spec, 'scopeSelector', 'spec') !== undefined) quota.scoped = true;
  return quota;
}

export function priorityClass(object: Json, meta: ObjectMeta): PriorityClass {
  const result: Writable<PriorityClass> = { name: meta.name, value: integer(object, 'value', '') ?? 0 };
  if (flag(object, 'globalDefault', '') === true) result.globalDefault = true;
  const policy = choice(object, 'preemptionPolicy', '', ['PreemptLowerPriority', 'Never']);
  if (policy !== undefined) result.preemptionPolicy = policy;
  return result;
}

export function runtimeClass(object: Json, meta: ObjectMeta): RuntimeClass {
  const result: Writable<RuntimeClass> = { name: meta.name };
  const overhead = record(object, 'overhead', '');
  const fixed = nanoAmounts(overhead, 'podFixed', 'overhead');
  if (fixed.size > 0) result.overhead = resourceAmounts(fixed, 'overhead.podFixed');
  const scheduling = record(object, 'scheduling', '');
  if (scheduling !== undefined) {
    const nodeSelector = textMap(scheduling, 'nodeSelector', 'scheduling');
    const tolerated = tolerations(scheduling, 'tolerations', 'scheduling');
    if (nodeSelector !== undefined) result.nodeSelector = nodeSelector;
    if (tolerated !== undefined) result.tolerations = tolerated;
  }
  return result;
}
