/** Arbitraries, laws and conformance suites for whoever writes an engine or anything else that speaks the contract. */

export {
  adversarialNames,
  arbitraryAmount,
  arbitraryInstant,
  arbitraryName,
  arbitraryRecord,
  arbitraryUsd,
} from './arbitraries/adversarial.js';
export {
  arbitraryClusterRecipe,
  arbitraryClusterState,
  type ClusterOptions,
  type ClusterRecipe,
  cookCluster,
} from './arbitraries/cluster-state.js';
export { arbitraryDecisionCase, type DecisionCase } from './arbitraries/decision-case.js';
export { arbitraryJsonValue } from './arbitraries/json.js';
export { arbitraryMarket, arbitraryOfferingRef } from './arbitraries/market.js';
export { arbitraryActionGroups, arbitraryDecisionResponse, arbitraryPlan } from './arbitraries/plan.js';
export {
  arbitraryEstimate,
  arbitraryFact,
  arbitraryIntent,
  arbitraryNodeOwner,
  arbitraryNodeRef,
  arbitraryNodeResources,
  arbitraryNodeTemplate,
  arbitraryReason,
  arbitraryRejection,
  arbitraryResources,
  arbitrarySubject,
  arbitraryWorkloadRef,
} from './arbitraries/plan-parts.js';
export { arbitraryPolicy } from './arbitraries/policy.js';
export { arbitraryClusterMetrics, arbitraryTask, arbitraryTaskResult } from './arbitraries/task.js';
export { arbitraryUsageHistory } from './arbitraries/usage-history.js';
export { budgetStatus } from './builder/budget-status.js';
export { buildCluster, ClusterBuilder, type VolumeSpec } from './builder/cluster-builder.js';
export { testInstanceTypes, testPrices, testZones } from './builder/instance-shapes.js';
export { createMarket, type MarketOptions } from './builder/market.js';
export type { NodeSpec } from './builder/node-spec.js';
export type { WorkloadSpec } from './builder/workload-spec.js';
export { type ConformanceOptions, checkEngineConformance } from './conformance/check-engine.js';
export { describeCase } from './conformance/describe-case.js';
export {
  type DescribeConformanceOptions,
  describeEngineConformance,
  type TestApi,
} from './conformance/describe-engine.js';
export {
  type ConformanceFailure,
  type ConformanceReport,
  formatFailure,
  formatReport,
  type KnownSavings,
} from './conformance/report.js';
export { exampleEngines } from './examples/example-engines.js';
export { type SavingsFixture, savingsFixtures } from './fixtures/savings-fixture.js';
export { answerLaws, behaviourLaws, type LawName } from './laws/all-laws.js';
export { deepFreeze } from './laws/ask.js';
export { type Judgement, type JudgeOptions, judge, type Violation } from './laws/judge.js';
export type { Answer, AnswerLaw, BehaviourLaw, Finding, Observed, Question } from './laws/law.js';
