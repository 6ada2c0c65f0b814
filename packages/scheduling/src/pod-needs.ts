import type { TemplateContainer } from '@cloudoptim/core';

/**
 * What containers need together of one resource (KEP-753): containers and sidecars run together; each init container runs with the sidecars
 * started before it; the larger of the two is what the pod needs.
 */
export function podNeeds(
  containers: readonly TemplateContainer[],
  amountOf: (container: TemplateContainer) => number,
): number {
  let sidecars = 0;
  let starting = 0;
  let running = 0;
  for (const container of containers) {
    const amount = amountOf(container);
    if (container.sidecar === true) {
      sidecars += amount;
      starting = Math.max(starting, sidecars);
    } else if (container.init === true) starting = Math.max(starting, sidecars + amount);
    else running += amount;
  }
  return Math.max(starting, sidecars + running);
}
