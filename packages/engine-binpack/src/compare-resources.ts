import type { NodeResources } from '@cloudoptim/core';

/** Whether `a` offers at least what `b` offers, of every resource. */
export function covers(a: NodeResources, b: NodeResources): boolean {
  if (a.cpuMillicores < b.cpuMillicores || a.memoryBytes < b.memoryBytes || a.pods < b.pods) return false;
  if ((a.ephemeralStorageBytes ?? 0) < (b.ephemeralStorageBytes ?? 0)) return false;
  return Object.entries(b.extended ?? {}).every(([name, amount]) => extendedOf(a, name) >= amount);
}

/** The lesser of two of each resource. */
export function atMost(a: NodeResources, b: NodeResources | undefined): NodeResources {
  if (b === undefined) return a;
  const names = [...new Set([...Object.keys(a.extended ?? {}), ...Object.keys(b.extended ?? {})])].sort();
  const extended = names.map((name) => [name, Math.min(extendedOf(a, name), extendedOf(b, name))] as const);
  const storage = Math.min(a.ephemeralStorageBytes ?? 0, b.ephemeralStorageBytes ?? 0);
  return {
    cpuMillicores: Math.min(a.cpuMillicores, b.cpuMillicores),
    memoryBytes: Math.min(a.memoryBytes, b.memoryBytes),
    ...(storage > 0 && { ephemeralStorageBytes: storage }),
    ...(names.length > 0 && { extended: Object.fromEntries(extended.filter(([, amount]) => amount > 0)) }),
    pods: Math.min(a.pods, b.pods),
  };
}

/** What of an extended resource there is; 0 when it is not named. */
export function extendedOf({ extended }: Pick<NodeResources, 'extended'>, name: string): number {
  return extended !== undefined && Object.hasOwn(extended, name) ? (extended[name] as number) : 0;
}
