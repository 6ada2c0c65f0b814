import type { AdmissionWebhook, Service, ServiceBackend } from '@cloudoptim/core';
import { flag, type Json, record, records, requiredText, text, textMap, texts } from '../fields.js';
import type { ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { labelSelector } from './selectors.js';

export function service(object: Json, meta: ObjectMeta): Service {
  const spec = record(object, 'spec', '') ?? {};
  const selector = textMap(spec, 'selector', 'spec');
  return { namespace: meta.namespace, name: meta.name, ...(selector === undefined ? {} : { selector }) };
}

/** The pods of one EndpointSlice; undefined when it belongs to no Service. */
export function endpointSlice(object: Json, meta: ObjectMeta): ServiceBackend | undefined {
  const serviceName = meta.labels?.['kubernetes.io/service-name'];
  if (serviceName === undefined) return undefined;
  const pods: Writable<ServiceBackend['pods'][number]>[] = [];
  for (const endpoint of records(object, 'endpoints', '')) {
    const target = record(endpoint, 'targetRef', 'endpoints[]');
    if (target === undefined || target.kind !== 'Pod') continue;
    const conditions = record(endpoint, 'conditions', 'endpoints[]') ?? {};
    pods.push({
      namespace: text(target, 'namespace', 'endpoints[].targetRef') ?? meta.namespace,
      name: requiredText(target, 'name', 'endpoints[].targetRef'),
      // discovery/v1: an unknown condition counts as ready.
      ready: flag(conditions, 'ready', 'endpoints[].conditions') !== false,
    });
  }
  return { namespace: meta.namespace, service: serviceName, pods };
}

/** The webhooks of one Validating- or MutatingWebhookConfiguration, in order. */
export function admissionWebhooks(object: Json, kind: AdmissionWebhook['kind']): AdmissionWebhook[] {
  return records(object, 'webhooks', '').map((source) => {
    const where = 'webhooks[]';
    const webhook: Writable<AdmissionWebhook> = {
      name: requiredText(source, 'name', where),
      kind,
      failurePolicy: text(source, 'failurePolicy', where) === 'Ignore' ? 'Ignore' : 'Fail',
      matchesPods: records(source, 'rules', where).some(matchesPodCreation),
    };
    const client = record(source, 'clientConfig', where) ?? {};
    const target = record(client, 'service', `${where}.clientConfig`);
    if (target !== undefined)
      webhook.service = {
        namespace: requiredText(target, 'namespace', `${where}.clientConfig.service`),
        name: requiredText(target, 'name', `${where}.clientConfig.service`),
      };
    const namespaceSelector = labelSelector(source, 'namespaceSelector', where);
    const objectSelector = labelSelector(source, 'objectSelector', where);
    if (namespaceSelector !== undefined) webhook.namespaceSelector = namespaceSelector;
    if (objectSelector !== undefined) webhook.objectSelector = objectSelector;
    return webhook;
  });
}

function matchesPodCreation(rule: Json): boolean {
  const has = (key: string, ...wanted: string[]) =>
    texts(rule, key, 'webhooks[].rules[]')?.some((value) => wanted.includes(value)) === true;
  return (
    has('operations', 'CREATE', '*') &&
    has('apiGroups', '', '*') &&
    has('apiVersions', 'v1', '*') &&
    has('resources', 'pods', '*', '*/*')
  );
}
