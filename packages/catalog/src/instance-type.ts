import type { InstanceTypeFacts } from './instance-type-facts.js';
import { decodedType, familyNames, familyRule } from './table/families.js';

/** Which types to list; a condition that is left out holds for every type. */
export interface InstanceTypeFilter {
  readonly architecture?: 'amd64' | 'arm64';
  readonly families?: readonly string[];
  readonly bareMetal?: boolean;
  readonly hypervisor?: 'nitro' | 'xen' | 'none';
  /** macOS hosts. */
  readonly mac?: boolean;
  /** Has a us-east-1 on-demand Linux price in the table. */
  readonly priced?: boolean;
  /** True: has at least one accelerator, or a part of one. False: is known to have none. */
  readonly accelerated?: boolean;
}

/** The facts of one type, undefined when the catalogue does not have it. Frozen and shared: the same object each time. */
export function instanceType(name: string): InstanceTypeFacts | undefined {
  return decodedType(name)?.facts;
}

/** The types that meet the filter, in the order of the table: family by family, sizes ascending, bare metal last. */
export function instanceTypes(filter: InstanceTypeFilter = {}): readonly InstanceTypeFacts[] {
  const found: InstanceTypeFacts[] = [];
  for (const family of filter.families === undefined ? familyNames() : new Set(filter.families)) {
    for (const size of familyRule(family)?.sizes ?? []) {
      const type = decodedType(`${family}.${size}`);
      if (type !== undefined && meets(type.facts, type.nanoUsdPerHour !== undefined, filter)) found.push(type.facts);
    }
  }
  return found;
}

function meets(facts: InstanceTypeFacts, priced: boolean, filter: InstanceTypeFilter): boolean {
  return (
    same(filter.architecture, facts.architecture) &&
    same(filter.bareMetal, facts.bareMetal) &&
    same(filter.hypervisor, facts.hypervisor) &&
    same(filter.mac, facts.mac) &&
    same(filter.priced, priced) &&
    (filter.accelerated === undefined || hasAccelerators(facts) === filter.accelerated)
  );
}

function same<T>(wanted: T | undefined, actual: T): boolean {
  return wanted === undefined || wanted === actual;
}

/** Undefined where it is not known, which is neither true nor false. */
function hasAccelerators({ accelerators }: InstanceTypeFacts): boolean | undefined {
  return accelerators.known ? accelerators.value.length > 0 : undefined;
}
