import {
  type JsonValue,
  parseClusterMetrics,
  parseClusterState,
  parseDecisionResponse,
  parseMarket,
  parsePlan,
  parsePolicy,
  parseTask,
  parseTaskResult,
  parseUsageHistory,
} from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../../test-support/laws.js';
import {
  arbitraryClusterMetrics,
  arbitraryClusterState,
  arbitraryDecisionCase,
  arbitraryDecisionResponse,
  arbitraryJsonValue,
  arbitraryPlan,
  arbitraryPolicy,
  arbitraryTask,
  arbitraryTaskResult,
} from '../../src/index.js';

const throughJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value));

/** What is generated is what the contract's schemas accept, and JSON carries all of it. */
function isValid<T>(arbitrary: fc.Arbitrary<T>, parse: (value: unknown) => unknown): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      // As texts: fast-check also draws objects without a prototype, and `constructor` as a key confuses toEqual.
      const carried = throughJson(value);
      expect(JSON.stringify(carried)).toBe(JSON.stringify(value));
      expect(JSON.stringify(parse(carried))).toBe(JSON.stringify(value));
      expect(loss(value)).toBeUndefined();
    }),
    lawParameters(200),
  );
}

/** A place that JSON would change: undefined, NaN, infinite or minus zero. */
function loss(value: unknown, path = '$'): string | undefined {
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const found = loss(child, `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean';
  return isPlain || (Number.isFinite(value) && !Object.is(value, -0)) ? undefined : path;
}

describe('what the arbitraries generate', () => {
  it('is a valid ClusterState', () => isValid(arbitraryClusterState(), parseClusterState));
  it('is a valid Policy', () =>
    fc.assert(
      fc.property(arbitraryPolicy(), (policy) => {
        expect(() => parsePolicy(throughJson(policy))).not.toThrow();
      }),
      lawParameters(200),
    ));
  it('is a valid Plan', () => isValid(arbitraryPlan(), parsePlan));
  it('is a valid DecisionResponse', () => isValid(arbitraryDecisionResponse(), parseDecisionResponse));
  it('is a valid Task', () => isValid(arbitraryTask(), parseTask));
  it('is a valid TaskResult', () => isValid(arbitraryTaskResult(), parseTaskResult));
  it('is valid ClusterMetrics', () => isValid(arbitraryClusterMetrics(), parseClusterMetrics));
  it('is a JSON value', () => isValid(arbitraryJsonValue(), (value) => value));
  it('is a valid Market and UsageHistory that belong to the cluster', () =>
    fc.assert(
      fc.property(arbitraryDecisionCase(), ({ cluster, market, usage }) => {
        expect(JSON.stringify(parseMarket(throughJson(market)))).toBe(JSON.stringify(market));
        expect(JSON.stringify(parseUsageHistory(throughJson(usage)))).toBe(JSON.stringify(usage));
        const names = new Set(cluster.workloads.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`));
        for (const { workload } of usage.containers) {
          expect(names).toContain(`${workload.kind}/${workload.namespace}/${workload.name}`);
        }
      }),
      lawParameters(200),
    ));
});
