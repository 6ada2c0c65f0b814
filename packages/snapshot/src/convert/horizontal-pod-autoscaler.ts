import type { HorizontalPodAutoscaler } from '@cloudoptim/core';
import { FieldError, integer, type Json, record, records, requiredRecord, requiredText, text } from '../fields.js';
import type { ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';

/** autoscaling/v1 and v2. */
export function horizontalPodAutoscaler(object: Json, meta: ObjectMeta): HorizontalPodAutoscaler {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '') ?? {};
  const target = requiredRecord(spec, 'scaleTargetRef', 'spec');
  const maxReplicas = integer(spec, 'maxReplicas', 'spec');
  if (maxReplicas === undefined) throw new FieldError('spec.maxReplicas', 'it is missing');
  const autoscaler: Writable<HorizontalPodAutoscaler> = {
    namespace: meta.namespace,
    name: meta.name,
    target: {
      kind: requiredText(target, 'kind', 'spec.scaleTargetRef'),
      namespace: meta.namespace,
      name: requiredText(target, 'name', 'spec.scaleTargetRef'),
    },
    minReplicas: integer(spec, 'minReplicas', 'spec') ?? 1,
    maxReplicas,
  };
  if (meta.uid !== undefined) autoscaler.uid = meta.uid;
  const current = integer(status, 'currentReplicas', 'status');
  const desired = integer(status, 'desiredReplicas', 'status');
  if (current !== undefined) autoscaler.currentReplicas = current;
  if (desired !== undefined) autoscaler.desiredReplicas = desired;
  const utilisation = utilisationOf(spec);
  if (utilisation.length > 0) autoscaler.utilisationOf = utilisation;
  return autoscaler;
}

/** Without any metric the API scales on 80 % of the cpu request. */
function utilisationOf(spec: Json): string[] {
  const metrics = records(spec, 'metrics', 'spec');
  if (metrics.length === 0) return ['cpu'];
  const names = new Set<string>();
  for (const metric of metrics) {
    for (const key of ['resource', 'containerResource']) {
      const source = record(metric, key, 'spec.metrics[]');
      if (source === undefined) continue;
      const target = record(source, 'target', `spec.metrics[].${key}`) ?? {};
      const isShare = text(target, 'type', `spec.metrics[].${key}.target`) === 'Utilization';
      // v2beta1 wrote it flat.
      if (isShare || source.targetAverageUtilization !== undefined)
        names.add(requiredText(source, 'name', `spec.metrics[].${key}`));
    }
  }
  return [...names].sort();
}
