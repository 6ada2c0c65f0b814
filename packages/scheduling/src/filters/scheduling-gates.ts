import type { PreFilter } from './filter.js';

/** A gated pod is not even queued (schedulinggates/scheduling_gates.go, PreEnqueue). */
export const schedulingGates: PreFilter = ({ template: { schedulingGates: gates = [] } }) =>
  gates.length === 0 ? undefined : [`waiting for scheduling gates: [${gates.join(' ')}]`];
