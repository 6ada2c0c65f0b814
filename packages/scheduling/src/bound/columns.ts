import type { Taint } from '@cloudoptim/core';

/** One kind of node that a plan may end with: an offering to be launched, or nodes that are there already. */
export interface BoundColumn {
  /** Names the column in a certificate. */
  readonly key: string;
  /** 0 for nodes without a known price: they are in no total, with the plan or without. */
  readonly usdPerHour: number;
  /** Room for pods by row, net of what is sure to be on the node. */
  readonly capacity: readonly number[];
  /** Nodes that can be had; infinite where no limit is known. */
  readonly supply: number;
  /** The nodes stay whatever the plan: their price is paid, and their room is free. */
  readonly kept: boolean;
  /** By rule: 1 where pods of the rule may go. */
  readonly open: Uint8Array;
  /** Classes with a pod here already, which may stay whatever their rule says of new ones. */
  readonly residents: ReadonlySet<number>;
  /** How many pods of an exclusive group may be here: 1 unless named, since pods that share a node already may go on to. */
  readonly sharing: ReadonlyMap<number, number>;
}

const nobody: ReadonlySet<number> = new Set();
const nothing: ReadonlyMap<number, number> = new Map();

export function launchColumn(
  key: string,
  usdPerHour: number,
  supply: number,
  capacity: readonly number[],
  open: Uint8Array,
): BoundColumn {
  return { key, usdPerHour, capacity, supply, kept: false, open, residents: nobody, sharing: nothing };
}

/**
 * Columns less those that another makes superfluous: any plan that uses one is no dearer with the other, which is open to the
 * same pods, as large in every way, no dearer and without limit.
 */
export function undominated(columns: readonly BoundColumn[]): BoundColumn[] {
  const bySignature = new Map<string, BoundColumn[]>();
  const sorted = [...columns].sort((a, b) => a.usdPerHour - b.usdPerHour || (a.key < b.key ? -1 : 1));
  return sorted.filter((column) => {
    const signature = column.open.join('');
    const kept = bySignature.get(signature) ?? [];
    if (kept.some((other) => other.supply === Number.POSITIVE_INFINITY && contains(other.capacity, column.capacity)))
      return false;
    bySignature.set(signature, [...kept, column]);
    return true;
  });
}

function contains(a: readonly number[], b: readonly number[]): boolean {
  return b.every((amount, row) => (a[row] as number) >= amount);
}

/** Conditions of a node come and go by themselves, and a cordon is a plan's to take back: neither keeps pods away for good. */
export function lasting(taints: readonly Taint[] | undefined): Taint[] {
  return (taints ?? []).filter(
    ({ key, effect }) => effect !== 'PreferNoSchedule' && !key.startsWith('node.kubernetes.io/'),
  );
}
