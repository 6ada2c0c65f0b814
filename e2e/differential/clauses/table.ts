import { gatesOf, type PlayedVersion } from '../played-version.js';
import { type Clause, drop, oneWay } from './clause.js';
import { interPodClauses } from './inter-pod.js';
import { nodeAffinityClauses } from './node-affinity.js';
import { portClauses } from './ports.js';
import { resourceClauses } from './resources.js';
import { spreadClauses } from './spread.js';
import { taintClauses } from './taints.js';

/** Every rule that is counted. */
export const clauses: readonly Clause[] = [
  oneWay('refused', 'gates', 'a gated pod goes nowhere', { pod: ({ spec }) => drop(spec, 'schedulingGates') }),
  ...taintClauses,
  ...nodeAffinityClauses,
  ...portClauses,
  ...resourceClauses,
  ...spreadClauses,
  ...interPodClauses,
];

/** Those that the API server lets happen: without its gate it drops what a pod requests as a whole. */
export function clausesOf(version: PlayedVersion): readonly Clause[] {
  return gatesOf(version).PodLevelResources ? clauses : clauses.filter(({ id }) => !id.endsWith('pod-level'));
}
