import type { PodTemplate, Reason } from '@cloudoptim/core';
import { asksForNamespaceLabels, resolveTerm } from './affinity-term.js';
import type { IncomingPod } from './incoming-pod.js';
import type { EphemeralVolume } from './pod-facts.js';
import type { View } from './view.js';

/**
 * Why we cannot tell where kube-scheduler would let this pod go, or undefined when we can. What is unknown is never taken for
 * empty: a claim that was not listed may be bound to any zone.
 */
export function unsupportedBecause(
  pod: IncomingPod,
  template: PodTemplate,
  claims: readonly string[],
  freshVolumes: readonly EphemeralVolume[],
  view: View,
): Reason | undefined {
  const why =
    schedulerIsUnknown(template, view) ??
    usesDynamicResources(template, view) ??
    volumesAreUnknown(template, claims, freshVolumes, view) ??
    namespacesAreUnknown(pod, template, view);
  return why === undefined
    ? undefined
    : { code: 'unsupported-scheduling', message: `Where the pod could go cannot be told: ${why}.` };
}

function schedulerIsUnknown(template: PodTemplate, view: View): string | undefined {
  const name = template.schedulerName ?? 'default-scheduler';
  const { profiles, extenders = [] } = view.state.scheduler;
  if (!profiles.some((profile) => profile.schedulerName === name))
    return `its scheduler ${name} is not a known profile`;
  if (extenders.length > 0) return `scheduler extenders (${extenders.join(', ')}) may refuse nodes`;
  if (template.podGroup !== undefined) return `it schedules together with the pod group ${template.podGroup}`;
  return undefined;
}

function usesDynamicResources(template: PodTemplate, view: View): string | undefined {
  if ((template.resourceClaims ?? []).length > 0) return 'it uses ResourceClaims (dynamic resource allocation)';
  for (const resource of Object.keys(template.needs.extended ?? {})) {
    const served =
      resource.startsWith('deviceclass.resource.kubernetes.io/') ||
      view.state.deviceClasses.some((entry) => entry.extendedResourceName === resource);
    if (served) return `${resource} is served by a DeviceClass (dynamic resource allocation)`;
  }
  return undefined;
}

function volumesAreUnknown(
  { namespace }: PodTemplate,
  claims: readonly string[],
  freshVolumes: readonly EphemeralVolume[],
  { lookups }: View,
): string | undefined {
  for (const name of claims) {
    const claim = lookups.claim(namespace, name);
    if (claim === undefined) {
      if (lookups.covers('PersistentVolumeClaim', namespace)) continue;
      return `its claim ${namespace}/${name} was not listed`;
    }
    if (claim.volume !== undefined) {
      if (lookups.volume(claim.volume) === undefined && !lookups.covers('PersistentVolume'))
        return `the volume ${claim.volume} of its claim ${name} was not listed`;
      continue;
    }
    const storageClass = claim.storageClass;
    if (
      storageClass !== undefined &&
      lookups.storageClass(storageClass) === undefined &&
      !lookups.covers('StorageClass')
    )
      return `the storage class ${storageClass} of its unbound claim ${name} was not listed`;
  }
  for (const volume of freshVolumes) {
    const storageClass =
      volume.storageClass === undefined ? lookups.defaultStorageClass : lookups.storageClass(volume.storageClass);
    if (storageClass === undefined) return `the storage class of its ephemeral volume ${volume.volume} is not known`;
    // The provisioner picks the zone before the scheduler has a say.
    if (storageClass.bindingMode === 'Immediate')
      return `its ephemeral volume ${volume.volume} is provisioned before a node is chosen (Immediate binding)`;
  }
  return undefined;
}

function namespacesAreUnknown(pod: IncomingPod, template: PodTemplate, { lookups }: View): string | undefined {
  if (lookups.covers('Namespace')) return undefined;
  const labels = { ...template.labels, ...pod.extra?.labels };
  const terms = [...(template.podAffinity?.required ?? []), ...(template.podAntiAffinity?.required ?? [])];
  return terms.some((term) => asksForNamespaceLabels(resolveTerm(term, template.namespace, labels)))
    ? 'its pod affinity asks for labels of namespaces, which were not listed'
    : undefined;
}
