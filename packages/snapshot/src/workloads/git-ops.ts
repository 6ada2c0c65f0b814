import type { Workload } from '@cloudoptim/core';
import { annotation, type ObjectMeta } from '../object-meta.js';

/** Labels that Flux puts on all that it applies. */
const fluxLabels = ['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'];

/**
 * Who would revert a direct change of this object. Argo CD's default tracking label, app.kubernetes.io/instance, is left out:
 * every Helm chart sets it too.
 */
export function gitOpsOf(meta: ObjectMeta): Workload['gitOps'] {
  const labels = meta.labels ?? {};
  if (annotation(meta, 'argocd.argoproj.io/tracking-id') !== undefined) return 'argocd';
  if (Object.hasOwn(labels, 'argocd.argoproj.io/instance')) return 'argocd';
  if (fluxLabels.some((label) => Object.hasOwn(labels, label))) return 'flux';
  return undefined;
}
