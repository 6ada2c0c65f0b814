import type { Node, PodTemplate, Taint, Toleration } from '@cloudoptim/core';

/**
 * Indices of the nodes that get a pod of a DaemonSet: its nodeSelector matches and it tolerates their hard taints. Cordoned and
 * unready nodes count, since DaemonSet pods tolerate both by themselves (kubernetes pkg/controller/daemon).
 */
export function daemonSetNodes(template: PodTemplate, nodes: readonly Node[]): number[] {
  const indices: number[] = [];
  nodes.forEach((node, index) => {
    const selected = Object.entries(template.nodeSelector ?? {}).every(([key, value]) => node.labels[key] === value);
    const tolerated = (node.taints ?? []).every(
      (taint) =>
        taint.effect === 'PreferNoSchedule' ||
        taint.key.startsWith('node.kubernetes.io/') ||
        (template.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
    );
    if (selected && tolerated) indices.push(index);
  });
  return indices;
}

/** Whether a toleration covers a taint (v1helper.ToleratesTaint), the gated integer operators apart. */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}
