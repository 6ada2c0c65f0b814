import type { NodeResources, ResourceAmounts } from '@cloudoptim/core';
import { extendedOf } from './compare-resources.js';

/** Amounts in a fixed order, so that thousands of sums and comparisons are plain loops over numbers. */
export type ResourceVector = readonly number[];

/** Which resource stands where: cpu, memory, ephemeral storage and pods, then these extended ones. */
export interface ResourceOrder {
  readonly extended: readonly string[];
}

/** The order for everything that some of these requests name. */
export function resourceOrder(requests: Iterable<ResourceAmounts>): ResourceOrder {
  const names = new Set<string>();
  for (const { extended } of requests) for (const name of Object.keys(extended ?? {})) names.add(name);
  return { extended: [...names].sort() };
}

/** What one pod asks for. */
export function podVector({ extended: names }: ResourceOrder, needs: ResourceAmounts): ResourceVector {
  const { cpuMillicores, memoryBytes, ephemeralStorageBytes = 0 } = needs;
  const extended = names.map((name) => extendedOf(needs, name));
  return [cpuMillicores, memoryBytes, ephemeralStorageBytes, 1, ...extended];
}

/** What a node offers. */
export function nodeVector({ extended: names }: ResourceOrder, offers: NodeResources): ResourceVector {
  const { cpuMillicores, memoryBytes, ephemeralStorageBytes = 0, pods } = offers;
  return [cpuMillicores, memoryBytes, ephemeralStorageBytes, pods, ...names.map((name) => extendedOf(offers, name))];
}

/** The sum; either may be empty, which is zero. */
export function addVectors(a: ResourceVector, b: ResourceVector): ResourceVector {
  return a.length === 0 ? b : b.length === 0 ? a : a.map((amount, position) => amount + (b[position] as number));
}

/** The largest share that `a`, with `b` on top, takes of any resource offered; above 1 it does not fit. */
export function largestShare(offered: ResourceVector, a: ResourceVector, b: ResourceVector = []): number {
  let largest = 0;
  for (let position = 0; position < offered.length; position++) {
    const need = (a[position] ?? 0) + (b[position] ?? 0);
    if (need === 0) continue;
    const offer = offered[position] as number;
    if (offer <= 0) return Number.POSITIVE_INFINITY;
    const share = need / offer;
    if (share > largest) largest = share;
  }
  return largest;
}
