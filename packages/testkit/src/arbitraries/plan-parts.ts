import type {
  Estimate,
  Fact,
  Intent,
  JsonValue,
  NodeOwner,
  NodeRef,
  NodeResources,
  NodeTemplate,
  Reason,
  Rejection,
  ResourceAmounts,
  Subject,
  WorkloadRef,
} from '@cloudoptim/core';
import fc from 'fast-check';
import { arbitraryAmount, arbitraryInstant, arbitraryName, arbitraryRecord, arbitraryUsd } from './adversarial.js';
import { arbitraryJsonValue } from './json.js';
import { arbitraryOfferingRef } from './market.js';

/** Reasons with adversarial words and numbers. */
export function arbitraryReason(): fc.Arbitrary<Reason> {
  return fc.record(
    {
      code: fc.constantFrom('fits-elsewhere', 'several-pdbs', 'not-enough-data'),
      message: fc.constantFrom('Its pods fit on other nodes.', '\u001b[31m|<b>', '=1+1'),
      numbers: arbitraryRecord(fc.constantFrom(0, 1, -1, 0.5, 2 ** 53)),
    },
    { requiredKeys: ['code', 'message'] },
  );
}

export function arbitraryWorkloadRef(): fc.Arbitrary<WorkloadRef> {
  return fc.record(
    {
      kind: fc.constantFrom('Deployment', 'StatefulSet', 'Rollout'),
      namespace: arbitraryName('default'),
      name: arbitraryName('web'),
      uid: fc.constant('uid-web'),
    },
    { requiredKeys: ['kind', 'namespace', 'name'] },
  );
}

/** Subjects of every kind. */
export function arbitrarySubject(): fc.Arbitrary<Subject> {
  const name = arbitraryName('web');
  return fc.oneof(
    fc.constant<Subject>({ kind: 'cluster' }),
    name.map((name): Subject => ({ kind: 'node', uid: `uid-${name}`, name })),
    name.map((name): Subject => ({ kind: 'pod', namespace: 'default', name })),
    arbitraryWorkloadRef().map((workload): Subject => ({ kind: 'workload', workload })),
    arbitraryWorkloadRef().map((workload): Subject => ({ kind: 'container', workload, container: 'main' })),
    arbitraryOfferingRef().map((offering): Subject => ({ kind: 'pool', offering })),
    name.map((name): Subject => ({ kind: 'object', objectKind: 'ConfigMap', namespace: 'default', name })),
  );
}

export function arbitraryRejection(): fc.Arbitrary<Rejection> {
  return fc.record({
    reason: arbitraryReason(),
    subjects: fc.array(arbitrarySubject(), { minLength: 1, maxLength: 3 }),
  });
}

/** Estimates with lower ≤ point ≤ upper, negative ones included. */
export function arbitraryEstimate(): fc.Arbitrary<Estimate> {
  return fc.tuple(arbitraryUsd(), arbitraryUsd(), arbitraryUsd(), fc.boolean()).map(([a, b, c, negative]) => {
    const [lower, point, upper] = [a, b, c].map((value) => (negative && value > 0 ? -value : value)).sort(byNumber);
    return {
      lower: lower as number,
      point: point as number,
      upper: upper as number,
      confidence: lower === upper ? 1 : 0.9,
      basis: 'on-demand list prices',
    };
  });
}

function byNumber(a: number, b: number): number {
  return a - b;
}

export function arbitraryResources(): fc.Arbitrary<ResourceAmounts> {
  return fc.record(
    {
      cpuMillicores: arbitraryAmount(64_000),
      memoryBytes: arbitraryAmount(2 ** 36),
      ephemeralStorageBytes: arbitraryAmount(2 ** 36),
      extended: arbitraryRecord(fc.nat({ max: 8 }), 2),
    },
    { requiredKeys: ['cpuMillicores', 'memoryBytes'] },
  );
}

export function arbitraryNodeResources(): fc.Arbitrary<NodeResources> {
  return fc.tuple(arbitraryResources(), fc.nat({ max: 250 })).map(([amounts, pods]) => ({ ...amounts, pods }));
}

export function arbitraryNodeRef(): fc.Arbitrary<NodeRef> {
  return fc.oneof(
    fc.nat({ max: 5 }).map((index): NodeRef => ({ uid: `uid-node-${index}` })),
    fc.constant<NodeRef>({ launch: 'replacement' }),
  );
}

export function arbitraryNodeOwner(): fc.Arbitrary<NodeOwner> {
  return fc.constantFrom<NodeOwner>(
    { kind: 'karpenter', name: 'default', nodeClaim: 'claim' },
    { kind: 'managed-node-group', name: 'workers' },
    { kind: 'asg', name: 'asg' },
    { kind: 'self-managed' },
    { kind: 'unknown' },
  );
}

/** Facts of every kind. */
export function arbitraryFact(): fc.Arbitrary<Fact> {
  const node = arbitraryNodeRef();
  const workload = arbitraryWorkloadRef();
  const count = fc.nat({ max: 10 });
  return fc.oneof<fc.Arbitrary<Fact>[]>(
    fc.record({ fact: fc.constant('node-exists' as const), node, name: arbitraryName('node-1') }),
    fc.record({ fact: fc.constant('node-ready' as const), node, allocatableAtLeast: arbitraryNodeResources() }),
    fc.record({ fact: fc.constant('node-cordoned' as const), node }),
    fc.record({
      fact: fc.constant('node-holds-at-most' as const),
      node,
      pods: fc.array(fc.tuple(count, count), { maxLength: 3 }),
    }),
    fc.record({
      fact: fc.constant('budget-allows' as const),
      namespace: arbitraryName('default'),
      budget: arbitraryName('pdb'),
      evictions: count,
    }),
    fc.record({ fact: fc.constant('workload-replicas' as const), workload, replicas: count }),
    fc.record({ fact: fc.constant('workload-generation' as const), workload, generation: count }),
    fc.record({
      fact: fc.constant('autoscaler-bounds' as const),
      namespace: arbitraryName('default'),
      name: arbitraryName('hpa'),
      minReplicas: count,
      maxReplicas: count,
    }),
    fc.record({ fact: fc.constant('node-group-size' as const), group: arbitraryName('workers'), desired: count }),
    fc.record({
      fact: fc.constant('nodepool-unchanged-by' as const),
      nodePool: arbitraryName('default'),
      patch: fc.constantFrom<JsonValue>({ spec: { weight: 10 } }, { spec: { weight: null } }),
    }),
    fc.record({
      fact: fc.constant('price-at-most' as const),
      offering: arbitraryOfferingRef(),
      usdPerHour: arbitraryUsd(),
    }),
    fc.constant<Fact>({ fact: 'no-freeze' }),
  );
}

export function arbitraryNodeTemplate(): fc.Arbitrary<NodeTemplate> {
  return fc.record({
    labels: arbitraryRecord(fc.constantFrom('a', '')),
    taints: fc.constantFrom([], [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' as const }]),
    startupTaints: fc.constantFrom([], [{ key: 'node.cilium.io/agent-not-ready', effect: 'NoExecute' as const }]),
    architecture: fc.constantFrom('amd64' as const, 'arm64' as const),
    operatingSystem: fc.constant('linux' as const),
    zones: fc.constantFrom(['us-east-1a'], ['us-east-1a', 'us-east-1b']),
    inferred: fc.boolean(),
  });
}

/** Intents of every kind in `intentKinds`. */
export function arbitraryIntent(): fc.Arbitrary<Intent> {
  const node = arbitraryNodeRef();
  const workload = arbitraryWorkloadRef();
  const via = arbitraryNodeOwner();
  const count = fc.nat({ max: 10 });
  const kind = <K extends Intent['kind']>(value: K) => fc.constant(value);
  const text = fc.constantFrom('a', '__proto__', null);
  const offering = fc
    .tuple(arbitraryOfferingRef(), arbitraryUsd())
    .map(([ref, priceCapUsdPerHour]) => ({ ...ref, priceCapUsdPerHour }));
  const bounds = fc.record({ minReplicas: count, maxReplicas: count });
  const taint = fc.constant({ key: 'busy', effect: 'NoSchedule' as const });
  const resize = fc.record({
    name: fc.constant('main'),
    requests: arbitraryResources(),
    prior: fc.record({ requests: arbitraryResources() }),
  });
  return fc.oneof<fc.Arbitrary<Intent>[]>(
    fc.record({
      kind: kind('launch-node'),
      key: fc.constant('replacement'),
      template: arbitraryNodeTemplate(),
      offerings: fc.tuple(offering, offering),
      assumedAllocatable: arbitraryNodeResources(),
      via,
    }),
    fc.record({ kind: kind('cordon-node'), node }),
    fc.record({ kind: kind('uncordon-node'), node }),
    fc.record({ kind: kind('taint-node'), node, taint, remove: fc.boolean() }),
    fc.record({ kind: kind('label-node'), node, labels: arbitraryRecord(text) }),
    fc.record({ kind: kind('annotate-node'), node, annotations: arbitraryRecord(text) }),
    fc.record({
      kind: kind('drain-node'),
      node,
      pods: fc.array(
        fc.tuple(count, fc.integer({ min: 1, max: 9 }), node).map(([template, count, to]) => ({
          template,
          count,
          expected: [{ node: to, count }],
        })),
        { maxLength: 3 },
      ),
    }),
    fc.record({
      kind: kind('evict-pod'),
      node,
      namespace: arbitraryName('default'),
      name: arbitraryName('web-0'),
      template: count,
    }),
    fc.record({ kind: kind('terminate-node'), node, via }),
    fc.record({ kind: kind('delete-nodeclaim'), node, nodeClaim: arbitraryName('claim'), via }),
    fc.record({ kind: kind('set-node-group-size'), group: via, from: count, to: count }),
    fc.record({
      kind: kind('configure-nodepool'),
      nodePool: arbitraryName('default'),
      patch: arbitraryJsonValue(),
      prior: arbitraryJsonValue(),
    }),
    fc.record({
      kind: kind('configure-nodeoverlay'),
      nodeOverlay: arbitraryName('discount'),
      spec: arbitraryJsonValue(),
      prior: arbitraryJsonValue(),
    }),
    fc.record({
      kind: kind('configure-scheduler'),
      profile: arbitraryName('default-scheduler'),
      scoringStrategy: fc.constantFrom('LeastAllocated' as const, 'MostAllocated' as const),
      prior: fc.constantFrom('LeastAllocated' as const, 'RequestedToCapacityRatio' as const),
    }),
    fc.record({ kind: kind('scale-workload'), workload, from: count, to: count }),
    fc.record({ kind: kind('surge-workload'), workload, from: count, to: count, node }),
    fc.record({
      kind: kind('resize-workload'),
      workload,
      method: fc.constantFrom('in-place' as const, 'rollout' as const, 'patch' as const),
      containers: fc.tuple(resize),
    }),
    fc.record({ kind: kind('suspend-workload'), workload, priorReplicas: count }),
    fc.record({ kind: kind('resume-workload'), workload, replicas: fc.integer({ min: 1, max: 10 }) }),
    fc.record({
      kind: kind('set-autoscaler-bounds'),
      autoscaler: fc.record({
        kind: fc.constant('HorizontalPodAutoscaler'),
        namespace: arbitraryName('default'),
        name: arbitraryName('hpa'),
      }),
      minReplicas: count,
      maxReplicas: count,
      prior: bounds,
    }),
    fc.record({
      kind: kind('prefer-capacity'),
      workload,
      capacityType: fc.constantFrom('spot' as const, 'on-demand' as const),
      offerings: fc.array(arbitraryOfferingRef(), { maxLength: 2 }),
      weight: fc.integer({ min: 1, max: 100 }),
    }),
    fc.record({
      kind: kind('extension'),
      name: fc.constant('example.com/note' as const),
      subject: arbitrarySubject(),
      payload: arbitraryJsonValue(),
    }),
  );
}

/** Seconds and instants that actions carry. */
export function arbitrarySchedule(): fc.Arbitrary<{ readonly notBeforeMs?: number; readonly deadlineSeconds: number }> {
  return fc.record(
    { notBeforeMs: arbitraryInstant(), deadlineSeconds: fc.integer({ min: 1, max: 3600 }) },
    { requiredKeys: ['deadlineSeconds'] },
  );
}
