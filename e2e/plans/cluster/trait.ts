import type { Random } from '../random.js';
import type { NodeSpec } from './node-spec.js';

export interface Asked {
  readonly app: string;
  /** A label that workloads share. */
  readonly tier: string;
  readonly cpuMillicores: number;
  /** How many apps there are already, to be near to or far from. */
  readonly earlier: number;
  readonly nodes: readonly NodeSpec[];
  readonly random: Random;
}

export type Spec = Record<string, unknown>;

/** What may be asked of the pods of a workload: changes the spec or the annotations of their template. */
export type Trait = (asked: Asked, spec: Spec, annotations: Record<string, string>) => void;
