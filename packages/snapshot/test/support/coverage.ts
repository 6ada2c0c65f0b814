import type { ClusterState } from '@cloudoptim/core';

/** Coverage of one kind: `*` for the whole cluster, else by namespace. */
export function coverageIn(state: ClusterState, kind: string): Record<string, string> {
  const entries = state.coverage.filter((entry) => entry.kind === kind);
  return Object.fromEntries(entries.map((entry) => [entry.namespace ?? '*', entry.state]));
}
