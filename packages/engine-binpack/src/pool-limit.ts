import type { Reason } from '@cloudoptim/core';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';

/** NodePool limits count what is launched before the old nodes have gone. Returns the one that a further launch would break. */
export function beyondPoolLimit({ cluster }: Model, { launchPool, offerings }: Launchable): Reason | undefined {
  const { limits, usage, name } = launchPool.pool;
  if (limits === undefined) return undefined;
  const launched = [...cluster.launches.values()].filter((launch) => launch.launchPool === launchPool);
  const first = [...launched.map((launch) => launch.offerings[0]), offerings[0]];
  const amounts = new Map([
    ['cpu', first.reduce((sum, { vcpu }) => sum + vcpu * 1000, 0)],
    ['memory', first.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)],
    ['nodes', first.length],
  ]);
  for (const [resource, amount] of amounts) {
    const limit = Object.hasOwn(limits, resource) ? limits[resource] : undefined;
    if (limit === undefined) continue;
    const used = usage !== undefined && Object.hasOwn(usage, resource) ? (usage[resource] as number) : 0;
    if (used + amount > limit) {
      return {
        code: 'nodepool-limit',
        message: `NodePool ${name} may not grow beyond its limit of ${resource}, not even until the old nodes have gone.`,
        numbers: { limit, used },
      };
    }
  }
  return undefined;
}

/** Whether the market has no more of the cheapest offering than is launched already. */
export function isOutOfSupply({ cluster }: Model, { offerings }: Launchable): boolean {
  const { offering } = offerings[0];
  if (offering.supply === undefined) return false;
  let used = 0;
  for (const launch of cluster.launches.values()) if (launch.offerings[0].offering === offering) used++;
  return used >= offering.supply;
}
