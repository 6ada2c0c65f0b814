/**
 * How much of a kind was seen. `listed`: all of it. `partial`: some objects, perhaps not all. `absent`: nobody asked.
 * `forbidden`: the API refused. Only `listed` makes an empty collection mean "there are none".
 */
export type CoverageState = 'listed' | 'partial' | 'absent' | 'forbidden';

export interface CoverageEntry {
  /** Kubernetes kind, for example `PodDisruptionBudget`; `Scale`, `ServerVersion` and `SchedulerConfiguration` as well. */
  readonly kind: string;
  /** Absent: the whole cluster. */
  readonly namespace?: string;
  readonly state: CoverageState;
  readonly resourceVersion?: string;
  readonly observedAtMs?: number;
}

export type Coverage = readonly CoverageEntry[];

/**
 * What is known of a kind, in one namespace or (without one) in the whole cluster. An entry for the whole cluster answers for
 * every namespace unless the namespace has its own; without any entry the answer is `absent`, never "none exist".
 */
export function coverageOf(coverage: Coverage, kind: string, namespace?: string): CoverageState {
  let cluster: CoverageState = 'absent';
  let own: CoverageState | undefined;
  for (const entry of coverage) {
    if (entry.kind !== kind) continue;
    if (entry.namespace === undefined) cluster = entry.state;
    else if (entry.namespace === namespace) own = entry.state;
  }
  if (own !== undefined) return own;
  // Only what was seen of some namespace makes it partial: the cluster's own entry may say `absent` in so many words.
  if (namespace === undefined && cluster === 'absent' && coverage.some((entry) => entry.kind === kind && isSeen(entry)))
    return 'partial';
  return cluster;
}

function isSeen({ namespace, state }: CoverageEntry): boolean {
  return namespace !== undefined && (state === 'listed' || state === 'partial');
}
