/** The contract between hosts and decision engines: plain JSON values, the engine interface, and arithmetic both sides share. */

export { actsInNamespace } from './acts-in-namespace.js';
export { BaseDecisionEngine } from './base-decision-engine.js';
export type { CandidateKind } from './candidate-kind.js';
export { candidatesOf } from './candidates.js';
export { canonicalJson } from './canonical-json.js';
export type { ClusterMetrics, NodeMetrics } from './cluster-metrics.js';
export type {
  AdmissionWebhook,
  ClusterState,
  DeviceClass,
  HorizontalPodAutoscaler,
  LimitRange,
  Namespace,
  PriorityClass,
  ResourceQuota,
  RuntimeClass,
  Service,
  ServiceBackend,
} from './cluster-state.js';
export {
  type ActionChange,
  comparePlans,
  type Difference,
  type GroupChange,
  type PlanComparison,
} from './compare/compare-plans.js';
export type { RejectionChange } from './compare/compare-rejections.js';
export {
  type ContextOptions,
  createContext,
  type DecisionContext,
  type HostContext,
  type Progress,
} from './context.js';
export { type Coverage, type CoverageEntry, type CoverageState, coverageOf } from './coverage.js';
export {
  type Decision,
  type DecisionRequest,
  type DecisionResponse,
  type DraftGroup,
  type InputName,
  type Inputs,
  memoryLimitBytes,
} from './decision.js';
export { defineEngine, type EngineDefinition } from './define-engine.js';
export { digestOf, sha256 } from './digest.js';
export type { PodDisruptionBudget } from './disruption-budget.js';
export { emptyClusterState } from './empty-cluster-state.js';
export type { AnalyzeRequest, DecisionEngine, PartialPolicy } from './engine.js';
export { EngineRegistry } from './engine-registry.js';
export { Aborted } from './errors/aborted.js';
export { CloudOptimError, type ErrorCode } from './errors/cloudoptim-error.js';
export { Conflict } from './errors/conflict.js';
export { ContractMismatch } from './errors/contract-mismatch.js';
export { DuplicateEngine } from './errors/duplicate-engine.js';
export { EngineNotFound } from './errors/engine-not-found.js';
export { InvalidInput } from './errors/invalid-input.js';
export { InvalidPlan } from './errors/invalid-plan.js';
export { InvalidQuantity } from './errors/invalid-quantity.js';
export { InvalidRequest } from './errors/invalid-request.js';
export type { Issue } from './errors/issue.js';
export { WorkLimitReached } from './errors/work-limit-reached.js';
export type { Estimate } from './estimate.js';
export type { Fact } from './fact.js';
export { fingerprint } from './fingerprint.js';
export {
  type ContainerResize,
  type DrainedPods,
  type Intent,
  type IntentKind,
  intentKinds,
  type NodeRef,
  type NodeTemplate,
  type RankedOffering,
} from './intent.js';
export type { JsonValue } from './json.js';
export { type ContractDocument, contractDocuments, jsonSchemaOf } from './json-schemas.js';
export type { InstanceType, InterruptionRisk, Market, Offering, OfferingRef } from './market.js';
export { mergePolicy } from './merge-policy.js';
export { fromNanoUsd, hoursPerMonth, sumUsd, toNanoUsd } from './money.js';
export type { Autoscaler, CapacityType, Node, NodeCsiDriver, NodeOwner, NodeOwnerKind } from './node.js';
export type {
  NodeClaim,
  NodeClass,
  NodeGroup,
  NodeOverlay,
  NodePool,
  NodePoolBudget,
  NodePoolRequirement,
} from './node-pool.js';
export { nodeRemoval } from './node-removal.js';
export {
  parseAction,
  parseClusterMetrics,
  parseClusterState,
  parseDecisionRequest,
  parseDecisionResponse,
  parseMarket,
  parsePlan,
  parsePolicy,
  parseTask,
  parseTaskResult,
  parseUsageHistory,
} from './parse.js';
export { percentile } from './percentile.js';
export type { Action, ActionGroup, Draft, LowerBoundCertificate, Plan } from './plan.js';
export type { HostPort, PodExtra, PodPhase, PodTable, PodTemplate, TemplateContainer, VolumeUse } from './pod.js';
export {
  isDaemonSetPod,
  isReady,
  isTerminal,
  isTerminating,
  podAnnotations,
  podClaims,
  podCreatedAtMs,
  podExtra,
  podLabels,
  podOccupies,
  podPhase,
  podsByNode,
  podTemplate,
} from './pod-view.js';
export {
  type AllowedOfferings,
  type DisruptionBudget,
  defaultPolicy,
  type Headroom,
  type MaxDisruption,
  type MinSavings,
  type NamespaceFilter,
  type OptOuts,
  type Pins,
  type Policy,
} from './policy.js';
export type {
  AdvisorEntry,
  AdvisorSource,
  CallOptions,
  Clock,
  ClusterSource,
  InterruptionNotice,
  InterruptionSource,
  MetricsSink,
  NodeProvider,
  PriceSource,
  SpotHistorySource,
  SpotPricePoint,
  Store,
  UsageSource,
  WorkloadExecutor,
} from './ports.js';
export { createPriceBook, nodeOffering, offeringKey, type PriceBook } from './price-book.js';
export { parseQuantity, toMillicores, toWholeUnits } from './quantity.js';
export type { Reason, Rejection, Subject } from './reason.js';
export { offeringRef, workloadKey, workloadRef } from './references.js';
export type { NodeResources, ResourceAmounts } from './resources.js';
export { assumedScheduler, type SchedulerFacts, type SchedulerProfile } from './scheduler-facts.js';
export { sealPlan } from './seal/seal-plan.js';
export type { SealRequest } from './seal/seal-request.js';
export type {
  LabelSelector,
  LabelSelectorRequirement,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Taint,
  TaintEffect,
  Toleration,
  TopologySpreadConstraint,
} from './selectors.js';
export type {
  CsiDriver,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
} from './storage.js';
export { nodeSubject, plainSubject, subjectKey } from './subject.js';
export type { Task, TaskResult } from './task.js';
export type { ContainerUsage, Histogram, UsageHistory } from './usage-history.js';
export type { IntOrPercent, RolloutState, UpdateStrategy, Workload, WorkloadRef } from './workload.js';
