import type { Node } from '@cloudoptim/core';
import { type LaunchPool, poolOf } from './launch-pool.js';
import type { Model } from './model.js';

/** What new nodes must be like: of one pool and capacity type, of one architecture and in one zone or (undefined) any. */
export interface LaunchKind {
  readonly pool: LaunchPool;
  readonly architecture: string | undefined;
  readonly capacityType: string;
  readonly zone: string | undefined;
}

/** The kind of nodes that may come in the place of a node, in any zone; undefined where none may. */
export function launchKindOf(model: Pick<Model, 'launchPools' | 'options'>, node: Node): LaunchKind | undefined {
  const pool = poolOf(model.launchPools, node);
  const { capacityType } = node;
  const architecture = keptArchitecture(model, node);
  if (pool === undefined || capacityType === undefined) return undefined;
  // Several nodes are packed for one architecture, or for any.
  if (architecture === undefined && model.options.architectures === 'keep') return undefined;
  return { pool, architecture, capacityType, zone: undefined };
}

/** The architecture that a new node must have as well; undefined where it may have any (`options.architectures`) or it is not known. */
export function keptArchitecture({ options }: Pick<Model, 'options'>, { labels }: Node): string | undefined {
  return options.architectures === 'keep' ? labels['kubernetes.io/arch'] : undefined;
}
