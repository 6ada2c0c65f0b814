/** Kubernetes objects to a ClusterState, and dumps of them in and out. */

export type { ConversionFinding, ConversionReport, KindCount } from './conversion-report.js';
export { type ConvertedState, type FromKubernetesOptions, fromKubernetes } from './from-kubernetes.js';
export { findKind, type KubernetesKind, kubernetesKinds, listPath } from './kinds.js';
export type { ServerVersion } from './server-version.js';
export type { SnapshotHeader } from './snapshot-header.js';
