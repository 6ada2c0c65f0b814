import type { NodeResources } from '@cloudoptim/core';

/** Resources as Kubernetes writes them. */
export function resourceList(resources: NodeResources): Record<string, string> {
  const { cpuMillicores, memoryBytes, pods, ephemeralStorageBytes, extended } = resources;
  return {
    cpu: `${cpuMillicores}m`,
    memory: String(memoryBytes),
    pods: String(pods),
    ...(ephemeralStorageBytes !== undefined && { 'ephemeral-storage': String(ephemeralStorageBytes) }),
    ...Object.fromEntries(Object.entries(extended ?? {}).map(([name, amount]) => [name, String(amount)])),
  };
}
