/**
 * Amounts of node resources, as integers. A missing extended resource is zero: for a request that is what Kubernetes means,
 * for a node it means that the kubelet did not advertise it.
 */
export interface ResourceAmounts {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes?: number;
  /** Everything else by its Kubernetes name, for example `nvidia.com/gpu` or `hugepages-2Mi`, in whole units or bytes. */
  readonly extended?: Readonly<Record<string, number>>;
}

/** What a node offers to pods: capacity less what the system keeps. */
export interface NodeResources extends ResourceAmounts {
  /** The most pods that the kubelet runs at once. */
  readonly pods: number;
}
