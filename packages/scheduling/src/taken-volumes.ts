import type { PersistentVolumeClaim } from '@cloudoptim/core';

/** A volume that was taken: its name, and the claim that has it, where others may come with the same claim. */
export interface Taken {
  readonly claim?: string;
  readonly volume: string;
}

/**
 * Volumes that were there and that claims of pods placed on paper have taken since, as kube-scheduler assumes them bound once a
 * pod has its node (volumebinding/assume_cache.go). Two new replicas would else count on the same one. A claim keeps its volume
 * when its pod goes: a successor with the same claim follows it.
 */
export class TakenVolumes {
  readonly #byClaim = new Map<string, string>();
  readonly #volumes = new Set<string>();

  /** Names of volumes that are taken. */
  get names(): ReadonlySet<string> {
    return this.#volumes;
  }

  /** The claim as it is now: bound where it has taken a volume. */
  bound(claim: PersistentVolumeClaim | undefined): PersistentVolumeClaim | undefined {
    if (claim === undefined || this.#byClaim.size === 0) return claim;
    const volume = this.#byClaim.get(claimKey(claim.namespace, claim.name));
    return volume === undefined ? claim : { ...claim, phase: 'Bound', volume };
  }

  take(all: readonly Taken[]): void {
    for (const { claim, volume } of all) {
      if (claim !== undefined) this.#byClaim.set(claim, volume);
      this.#volumes.add(volume);
    }
  }

  giveBack(all: readonly Taken[]): void {
    for (const { claim, volume } of all) {
      if (claim !== undefined) this.#byClaim.delete(claim);
      this.#volumes.delete(volume);
    }
  }
}

export function claimKey(namespace: string, claim: string): string {
  return `${namespace}/${claim}`;
}
