import type { z } from 'zod';
import { issuesIn } from './check-value.js';
import type { ClusterMetrics } from './cluster-metrics.js';
import type { ClusterState } from './cluster-state.js';
import type { DecisionRequest, DecisionResponse, InputName, Inputs } from './decision.js';
import { InvalidInput } from './errors/invalid-input.js';
import type { Market } from './market.js';
import type { Action, Plan } from './plan.js';
import type { Policy } from './policy.js';
import { clusterStateSchema } from './schemas/cluster-state.js';
import { decisionRequestSchema, decisionResponseSchema } from './schemas/decision.js';
import { issuesOf } from './schemas/issues-of.js';
import { marketSchema } from './schemas/market.js';
import { actionSchema, planSchema } from './schemas/plan.js';
import { policySchema } from './schemas/policy.js';
import { clusterMetricsSchema, taskResultSchema, taskSchema } from './schemas/task.js';
import { usageHistorySchema } from './schemas/usage-history.js';
import type { Task, TaskResult } from './task.js';
import type { UsageHistory } from './usage-history.js';
import { markValidated } from './validated.js';

/**
 * The boundary: whatever comes from a file, a network or a person passes here once. Each function throws InvalidInput that
 * names `source` (a file, a URL), the field, what was found and what would do.
 *
 * Documents of the contract come back as the very value that was given, fields of later versions included. Checking one
 * again costs nothing, as long as nobody changed it: freeze what you parsed, or do not touch it.
 */

/** A cluster state; every index points at something, node uids are unique. 5,000 nodes and 150,000 pods take some 40 ms. */
export function parseClusterState(value: unknown, source = 'ClusterState'): ClusterState {
  return check(clusterStateSchema, 'cluster', value, source);
}

/** Offerings and prices. A price that is negative or not finite is an error; null is unknown. */
export function parseMarket(value: unknown, source = 'Market'): Market {
  return check(marketSchema, 'market', value, source);
}

export function parseUsageHistory(value: unknown, source = 'UsageHistory'): UsageHistory {
  return check(usageHistorySchema, 'usage', value, source);
}

/** A policy as people write it: defaults for what is left out, an error with a suggestion for what nobody knows. */
export function parsePolicy(value: unknown = {}, source = 'Policy'): Policy {
  return convert(policySchema(), value, source);
}

export function parsePlan(value: unknown, source = 'Plan'): Plan {
  return check(planSchema, 'plan', value, source);
}

export function parseAction(value: unknown, source = 'Action'): Action {
  return check(actionSchema, 'action', value, source);
}

export function parseTask(value: unknown, source = 'Task'): Task {
  return check(taskSchema, 'task', value, source);
}

export function parseTaskResult(value: unknown, source = 'TaskResult'): TaskResult {
  return check(taskResultSchema, 'taskResult', value, source);
}

export function parseClusterMetrics(value: unknown, source = 'ClusterMetrics'): ClusterMetrics {
  return check(clusterMetricsSchema, 'clusterMetrics', value, source);
}

/**
 * A request as it arrives over a network: the policy is completed, inputs are checked, and options wait for the engine's own
 * schema. Engines parse what hosts hand to `analyze` themselves.
 */
export function parseDecisionRequest(value: unknown, source = 'DecisionRequest'): DecisionRequest {
  const request = convert(decisionRequestSchema(), value, source);
  // The inputs as they came, not zod's copies, which lack the fields of later versions.
  const inputs: Partial<Inputs> = {};
  for (const name of inputNames) {
    const input = (value as Partial<Inputs>)[name];
    if (input === undefined) continue;
    markValidated(input, name);
    Object.assign(inputs, { [name]: input });
  }
  return { ...request, ...inputs };
}

const inputNames = ['cluster', 'market', 'usage'] as const satisfies readonly InputName[];

export function parseDecisionResponse(value: unknown, source = 'DecisionResponse'): DecisionResponse {
  return check(decisionResponseSchema, 'decisionResponse', value, source);
}

/** The value itself, once it is known to fit. */
function check<T extends object>(schema: () => z.ZodType<T>, name: string, value: unknown, source: string): T {
  const issues = issuesIn(schema, name, value, '');
  if (issues.length > 0) throw new InvalidInput(source, issues);
  return value as T;
}

/** What the schema makes of the value. */
function convert<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInput(source, issuesOf(result.error, '', value));
}
