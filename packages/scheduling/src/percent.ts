import type { IntOrPercent } from '@cloudoptim/core';

/**
 * An int-or-percentage of a total. PodDisruptionBudgets round percentages up in both fields; a rollout rounds maxSurge up and
 * maxUnavailable down (k8s.io/apimachinery/pkg/util/intstr). Undefined for a text that is neither.
 */
export function scaledValue(value: IntOrPercent, total: number, round: 'up' | 'down' = 'up'): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const match = /^(\d+)%$/.exec(value);
  if (match === null) return undefined;
  const hundredths = Number(match[1]) * total;
  return round === 'up' ? Math.ceil(hundredths / 100) : Math.floor(hundredths / 100);
}
