export { buildCluster, ClusterBuilder, type VolumeSpec } from './builder/cluster-builder.js';
