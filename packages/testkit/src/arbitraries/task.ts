import type { Action, ClusterMetrics, Task, TaskResult } from '@cloudoptim/core';
import fc from 'fast-check';
import { arbitraryInstant, arbitraryName, arbitraryUsd } from './adversarial.js';
import { arbitraryOfferingRef } from './market.js';
import { arbitraryActionGroups } from './plan.js';
import { arbitraryNodeResources, arbitraryReason, arbitraryResources } from './plan-parts.js';

/** Tasks with every kind of action. */
export function arbitraryTask(): fc.Arbitrary<Task> {
  const action = arbitraryActionGroups()
    .filter((groups) => groups.length > 0)
    .map((groups) => groups[0]?.actions[0] as Action);
  return fc.tuple(action, arbitraryInstant(), fc.integer({ min: 1, max: 5 })).map(([action, issuedAtMs, attempt]) => {
    const planId = 'f'.repeat(64);
    return {
      schema: 'task/v1',
      id: `${planId}/${action.id}/${attempt}`,
      planId,
      groupId: 'g1',
      action,
      attempt,
      clusterId: 'testkit-cluster',
      issuedAtMs,
      leaseUntilMs: issuedAtMs + 60_000,
      clientToken: `token-${attempt}`,
    };
  });
}

/** Results of tasks, launches and drains among them. */
export function arbitraryTaskResult(): fc.Arbitrary<TaskResult> {
  return fc
    .record(
      {
        outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'refused' as const, 'expired' as const),
        startedAtMs: arbitraryInstant(),
        reasons: fc.array(arbitraryReason(), { maxLength: 2 }),
        launched: fc.record(
          {
            nodeUid: fc.constant('uid-new'),
            providerId: fc.constant('aws:///us-east-1a/i-new'),
            offering: arbitraryOfferingRef(),
            usdPerHour: arbitraryUsd(),
          },
          { requiredKeys: ['nodeUid', 'providerId', 'offering'] },
        ),
        evicted: fc.array(fc.record({ namespace: arbitraryName('default'), name: arbitraryName('web-0') }), {
          maxLength: 3,
        }),
      },
      { requiredKeys: ['outcome', 'startedAtMs', 'reasons'] },
    )
    .map((rest) => ({
      ...rest,
      schema: 'task-result/v1',
      taskId: 'task-1',
      finishedAtMs: rest.startedAtMs + 1000,
    }));
}

/** Metrics as the agent sends them, with and without usage and price. */
export function arbitraryClusterMetrics(): fc.Arbitrary<ClusterMetrics> {
  const node = fc.record(
    {
      uid: fc.constant('uid-node-1'),
      name: arbitraryName('node-1'),
      ready: fc.boolean(),
      allocatable: arbitraryNodeResources(),
      requested: arbitraryResources(),
      used: arbitraryResources(),
      pods: fc.nat({ max: 250 }),
    },
    { requiredKeys: ['uid', 'name', 'ready', 'allocatable', 'requested', 'pods'] },
  );
  return fc.record({
    schema: fc.constant('cluster-metrics/v1' as const),
    clusterId: fc.constant('testkit-cluster'),
    observedAtMs: arbitraryInstant(),
    nodes: fc.array(node, { maxLength: 3 }),
    pods: fc.record({ running: fc.nat(), pending: fc.nat(), failed: fc.nat() }),
    usdPerHour: fc.option(arbitraryUsd()),
  });
}
