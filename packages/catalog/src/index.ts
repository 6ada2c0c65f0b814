export { type Allocatable, type AllocatableOptions, allocatable, capacityMemoryBytes } from './allocatable.js';
export { catalogFacts } from './catalog-facts.js';
export { ebsVolumeLimit } from './ebs-volume-limit.js';
export { instanceLabels } from './instance-labels.js';
export { type InstanceTypeFilter, instanceType, instanceTypes } from './instance-type.js';
export type {
  Accelerator,
  AcceleratorKind,
  EbsAttachments,
  InstanceTypeFacts,
  LocalNvme,
  NetworkFacts,
} from './instance-type-facts.js';
export { type CpuManufacturer, type InstanceTypeName, parseInstanceTypeName } from './instance-type-name.js';
export type { Known } from './known.js';
export { type KubeReserved, kubeReserved } from './kube-reserved.js';
export { marketInstanceType } from './market-instance-type.js';
export { type MaxPodsOptions, maxPods } from './max-pods.js';
export { type OnDemandMarketRequest, onDemandMarket } from './on-demand-market.js';
export { type OnDemandPrice, type OnDemandPriceQuery, onDemandPrice, type UnpricedCode } from './on-demand-price.js';
export { regionOfZone } from './region-of-zone.js';
