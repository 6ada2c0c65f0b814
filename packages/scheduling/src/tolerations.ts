import type { Taint, Toleration } from '@cloudoptim/core';

/** The taint that the node lifecycle controller puts on a cordoned node. */
export const unschedulableTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** The first NoSchedule or NoExecute taint that nothing tolerates; PreferNoSchedule never forbids. */
export function untoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  comparisons: boolean,
): Taint | undefined {
  return taints?.find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint, comparisons));
}

/**
 * Whether one of the tolerations tolerates the taint (k8s.io/api/core/v1/toleration.go). `comparisons` is the feature gate
 * TaintTolerationComparisonOperators, off by default in 1.36: without it `Lt` and `Gt` tolerate nothing.
 */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint, comparisons: boolean): boolean {
  return tolerations?.some((toleration) => toleratesOne(toleration, taint, comparisons)) ?? false;
}

function toleratesOne(toleration: Toleration, taint: Taint, comparisons: boolean): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? 'Equal') {
    case 'Exists':
      return true;
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '');
    case 'Lt':
      return comparisons && compare(taint.value, toleration.value, (have, bound) => have < bound);
    case 'Gt':
      return comparisons && compare(taint.value, toleration.value, (have, bound) => have > bound);
  }
}

function compare(have: string | undefined, bound: string | undefined, holds: (a: bigint, b: bigint) => boolean) {
  const canonical = /^(0|-?[1-9]\d{0,18})$/;
  if (have === undefined || bound === undefined || !canonical.test(have) || !canonical.test(bound)) return false;
  return holds(BigInt(have), BigInt(bound));
}
