/** Kubernetes objects to a ClusterState, and dumps of them in and out. */

export type { ConversionFinding, ConversionReport, KindCount } from './conversion-report.js';
export { type DumpList, DumpObject } from './dump/dump-object.js';
export { type ReadDumpOptions, readDump } from './dump/read-dump.js';
export { type Redacted, type Removed, redact } from './dump/redact.js';
export { type WriteDumpOptions, type WrittenDump, writeDump } from './dump/write-dump.js';
export { type ConvertedState, type FromKubernetesOptions, fromKubernetes } from './from-kubernetes.js';
export { findKind, type KubernetesKind, kubernetesKinds, listPath } from './kinds.js';
export type { ServerVersion } from './server-version.js';
export type { SnapshotHeader } from './snapshot-header.js';
