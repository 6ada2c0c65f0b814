/** kube-scheduler's rules over a ClusterState, written plainly from the rules, and what plans must survive. */

export { type ApplyOptions, applyPlan } from './apply-plan.js';
export type { BestConfiguration } from './bound/best-configuration.js';
export { boundCertificate } from './bound/bound-certificate.js';
export {
  type BoundProblem,
  type BoundScope,
  boundProblem,
  boundProblemInTurns,
  mostOnOneNode,
  type StatedProblem,
} from './bound/bound-problem.js';
export { checkLowerBound, type LowerBoundCheck } from './bound/check-lower-bound.js';
export type { BoundColumn } from './bound/columns.js';
export type { BoundClass } from './bound/demand.js';
export { bestOnOneNode, type DualBoundCare, type DualPrices, dualBound, mostWorth } from './bound/dual-bound.js';
export { type ExclusiveGroups, exclusiveGroups } from './bound/exclusive-groups.js';
export { staysAnyway } from './bound/kept-nodes.js';
export { launchProblem } from './bound/launch-problem.js';
export { needsTable } from './bound/needs-table.js';
export { type Budgets, createBudgets, type EvictionAnswer } from './budgets.js';
export { canRemoveNode, type RemoveOptions } from './can-remove-node.js';
export { createFastPlacement, type FastPlacement } from './fast/fast-placement.js';
export { simulate } from './fast/simulate.js';
export type { FitAnswer } from './fit-answer.js';
export { fits } from './fits.js';
export type { IncomingPod } from './incoming-pod.js';
export { selects } from './labels.js';
export { launchedUid } from './launched-node.js';
export { nodeObstacles, type Obstacle, obstaclesByNode, podObstacles } from './node-obstacles.js';
export { meetsRequirement } from './node-selectors.js';
export { pendingPods } from './pending-pods.js';
export { createPlacement, type Placement } from './placement.js';
export { drawOf, randomNumbers, shuffled } from './random.js';
export type { ScoringRule } from './score.js';
export { shellWord } from './shell-word.js';
export { type SimulateOptions, type Simulation, simulatePlain } from './simulate-plain.js';
export { type Successor, successorOf } from './successor.js';
export type { Refusal, Unknown, Verdict, Verification } from './verification.js';
export { redrawPlanInTurns, type VerifyOptions, verifyPlan, verifyPlanInTurns } from './verify-plan.js';
