import type { ClusterState } from '@cloudoptim/core';

/** Whether the cluster runs Kubernetes 1.`minor` or newer. A version that nobody told is taken for the newest. */
export function isAtLeast({ kubernetesVersion }: Pick<ClusterState, 'kubernetesVersion'>, minor: number): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(kubernetesVersion ?? '');
  return match === null || Number(match[1]) > 1 || Number(match[2]) >= minor;
}
