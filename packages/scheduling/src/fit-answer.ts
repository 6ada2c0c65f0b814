import type { Reason } from '@cloudoptim/core';

/**
 * Whether a node would take a pod. `infeasible` carries kube-scheduler's own words from the first plugin that refuses (only
 * NodeResourcesFit gives more than one). `unsupported` means that we cannot tell what kube-scheduler would say; whoever
 * asks leaves that pod, and its node, where they are.
 */
export type FitAnswer =
  | { readonly answer: 'feasible' }
  | { readonly answer: 'infeasible'; readonly plugin: string; readonly reasons: readonly string[] }
  | { readonly answer: 'unsupported'; readonly reason: Reason };
