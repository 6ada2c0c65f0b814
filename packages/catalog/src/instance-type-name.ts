export type CpuManufacturer = 'intel' | 'amd' | 'aws' | 'apple';

/** What the name of an EC2 instance type says by itself, for types that are in no table too. */
export interface InstanceTypeName {
  readonly name: string;
  /** Before the dot: `c8gd`, `m7i-flex`, `u7i-12tb`. */
  readonly family: string;
  /** After the dot: `2xlarge`, `metal-48xl`. */
  readonly size: string;
  /** The leading letters of the family, as Karpenter's `instance-category`: `c`, `im`, `hpc`. */
  readonly category?: string;
  /** As Karpenter's `instance-generation`. */
  readonly generation?: number;
  readonly flex: boolean;
  readonly bareMetal: boolean;
  /** Only where a letter after the generation says it (g, a, i); `m5` does not. */
  readonly cpuManufacturer?: CpuManufacturer;
}

/** Karpenter's scheme (`pkg/providers/instancetype/types.go`): letters, an optional size in TB, the generation. */
const scheme = /^([a-z]+)(?:-[0-9]+tb)?([0-9]+)([a-z]?)/;
const wellFormed = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*$/;
const manufacturers: Readonly<Record<string, CpuManufacturer>> = { g: 'aws', a: 'amd', i: 'intel' };

/** Takes an EC2 instance type name apart; undefined when it is not shaped like one (`n2-standard-4`, `Standard_D4s_v5`). */
export function parseInstanceTypeName(name: string): InstanceTypeName | undefined {
  if (!wellFormed.test(name)) return undefined;
  const dot = name.indexOf('.');
  const family = name.slice(0, dot);
  const size = name.slice(dot + 1);
  const [, category, generation, letter] = scheme.exec(family) ?? [];
  const cpuManufacturer = letter === undefined ? undefined : manufacturers[letter];
  return {
    name,
    family,
    size,
    ...(category !== undefined && { category }),
    ...(generation !== undefined && { generation: Number(generation) }),
    flex: family.endsWith('-flex'),
    bareMetal: size === 'metal' || size.startsWith('metal-'),
    ...(cpuManufacturer !== undefined && { cpuManufacturer }),
  };
}
